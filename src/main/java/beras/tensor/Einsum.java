package beras.tensor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Evaluates {@link Tensor#einsum} by sums, transposed views and products. */
final class Einsum {

    /** A tensor with a letter for each axis. */
    private record Term(Tensor tensor, String letters) {

        /** The sums over all letters but these. */
        Term keep(String wanted) {
            int[] gone = letters.chars().filter(c -> wanted.indexOf(c) < 0).map(letters::indexOf).toArray();
            return gone.length == 0 ? this : new Term(tensor.sum(gone), filter(letters, c -> wanted.indexOf(c) >= 0));
        }

        Tensor transposed(String order) {
            return order.equals(letters) ? tensor : tensor.transpose(order.chars().map(letters::indexOf).toArray());
        }

        Shape shape(String some) {
            return Shape.of(some.chars().map(c -> tensor.dim(letters.indexOf(c))).toArray());
        }

        /** The product with another term, summed over the common letters that are not in {@code wanted}. */
        Term times(Term other, String wanted) {
            Term a = keep(other.letters + wanted);
            Term b = other.keep(letters + wanted);
            String batch = filter(a.letters, c -> b.letters.indexOf(c) >= 0 && wanted.indexOf(c) >= 0);
            String summed = filter(a.letters, c -> wanted.indexOf(c) < 0);
            String rows = filter(a.letters, c -> b.letters.indexOf(c) < 0);
            String cols = filter(b.letters, c -> a.letters.indexOf(c) < 0);
            Tensor x = shaped(a.transposed(batch + rows + summed), a.shape(batch).append(a.shape(rows).size(), a.shape(summed).size()));
            Tensor y = shaped(b.transposed(batch + summed + cols), b.shape(batch).append(b.shape(summed).size(), b.shape(cols).size()));
            Tensor product = summed.isEmpty() ? x.multiply(y) : x.matmul(y);
            return new Term(shaped(product, a.shape(batch + rows).append(b.shape(cols).toArray())), batch + rows + cols);
        }

        private static Tensor shaped(Tensor tensor, Shape shape) {
            return tensor.shape().equals(shape) ? tensor : tensor.reshape(shape.toArray());
        }
    }

    static Tensor compute(String text, Tensor... operands) {
        String[] sides = text.replace(" ", "").split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        require(text.indexOf('.') < 0, "a letter for each axis instead of an ellipsis", text);
        require(sides.length <= 2 && sides[0].matches("[a-zA-Z,]*"), "letters, commas and one -> at most", text);
        require(inputs.length == operands.length, "letters for each operand, of which there are " + operands.length, text);
        Map<Character, Integer> sizes = new HashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            requireFit(inputs[i], operands[i], sizes, text);
        }
        String once = filter(sides[0], c -> c != ',' && sides[0].indexOf(c) == sides[0].lastIndexOf(c));
        String output = sides.length == 2 ? sides[1] : text(once.chars().sorted());
        require(isDistinct(output) && output.chars().allMatch(c -> sizes.containsKey((char) c)),
                "in the result letters of the operands, each once", text);
        Term result = new Term(operands[0], inputs[0]);
        for (int i = 1; i < inputs.length; i++) {
            String later = String.join("", Arrays.asList(inputs).subList(i + 1, inputs.length));
            result = result.times(new Term(operands[i], inputs[i]), output + later);
        }
        return result.keep(output).transposed(output);
    }

    private static void requireFit(String letters, Tensor operand, Map<Character, Integer> sizes, String text) {
        require(letters.length() == operand.rank(), "a letter for each axis of shape " + operand.shape(), text);
        require(isDistinct(letters), "each letter once for an operand: its diagonal is x.multiply(Tensor.eye(n)).sum(-1)", text);
        for (int axis = 0; axis < letters.length(); axis++) {
            int size = operand.dim(axis);
            int known = sizes.computeIfAbsent(letters.charAt(axis), c -> size);
            require(size == known, "one size for each letter, not " + known + " and " + size + " for " + letters.charAt(axis), text);
        }
    }

    private static boolean isDistinct(String letters) {
        return letters.chars().distinct().count() == letters.length();
    }

    private static void require(boolean fits, String expected, String text) {
        if (!fits) {
            throw new IllegalArgumentException("einsum needs " + expected + ". Received: \"" + text + "\"");
        }
    }

    private static String filter(String letters, IntPredicate wanted) {
        return text(letters.chars().filter(wanted));
    }

    private static String text(IntStream letters) {
        return letters.mapToObj(Character::toString).collect(Collectors.joining());
    }

    private Einsum() {}
}
