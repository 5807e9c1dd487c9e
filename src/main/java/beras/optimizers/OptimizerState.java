package beras.optimizers;

import beras.kernels.MatrixView;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The state of an optimizer for each variable, in tensors of its shape: the slots of the rule, then the sum of its gradients
 * and its moving average, if used. Variables are compared by identity. Several threads may use it at once for different
 * variables.
 */
final class OptimizerState {

    /** The state of one variable, and views of its slots. */
    private record OfVariable(List<Tensor> all, MatrixView[] slots) {

        static OfVariable of(List<Tensor> all, int slotCount) {
            MatrixView[] slots = new MatrixView[slotCount];
            for (int i = 0; i < slotCount; i++) {
                slots[i] = all.get(i).block();
            }
            return new OfVariable(all, slots);
        }

        Tensor gradientSum() {
            return all.get(slots.length);
        }

        Tensor average() {
            return all.get(all.size() - 1);
        }
    }

    private final Optimizer optimizer;
    private final Map<Variable, OfVariable> variables = new ConcurrentHashMap<>();

    OptimizerState(Optimizer optimizer) {
        this.optimizer = optimizer;
    }

    boolean isEmpty() {
        return variables.isEmpty();
    }

    /** Whether the variable had a gradient. */
    boolean has(Variable variable) {
        return variables.containsKey(variable);
    }

    private OfVariable of(Variable variable) {
        OfVariable known = variables.get(variable);
        if (known == null) {
            List<Tensor> all = new ArrayList<>();
            for (int i = 0; i < size(); i++) {
                all.add(Tensor.zeros(variable.shape()));
                if (i < optimizer.slotCount()) {
                    Arrays.fill(all.get(i).data(), optimizer.initialSlot(i));
                }
            }
            known = OfVariable.of(all, optimizer.slotCount());
            if (optimizer.keepsAverages()) {
                WeightAverages.copy(variable, known.average());
            }
            variables.put(variable, known);
        }
        return known;
    }

    /** The number of tensors of each variable. */
    private int size() {
        return optimizer.slotCount() + (optimizer.accumulates() ? 1 : 0) + (optimizer.keepsAverages() ? 1 : 0);
    }

    MatrixView[] slots(Variable variable) {
        return of(variable).slots;
    }

    Tensor gradientSum(Variable variable) {
        return of(variable).gradientSum();
    }

    /** The average of a variable that {@link #has had a gradient}. */
    Tensor average(Variable variable) {
        return variables.get(variable).average();
    }

    void clearGradientSums() {
        variables.values().forEach(each -> Arrays.fill(each.gradientSum().data(), 0f));
    }

    /** The slots of a variable, copied; empty if it had no gradient. */
    List<Tensor> copySlots(Variable variable) {
        OfVariable known = variables.get(variable);
        return known == null ? List.of() : known.all.stream().limit(known.slots.length).map(Tensor::copy).toList();
    }

    /** The state of these variables, copied, in their order; tensors of shape {@code (0,)} for variables without a gradient. */
    List<Tensor> copy(List<Variable> some) {
        List<Tensor> copies = new ArrayList<>();
        for (Variable variable : some) {
            OfVariable known = variables.get(variable);
            for (int i = 0; i < size(); i++) {
                copies.add(known == null ? Tensor.zeros(0) : known.all.get(i).copy());
            }
        }
        return copies;
    }

    /**
     * Replaces the state by a result of {@link #copy}.
     *
     * @throws IllegalArgumentException if it does not fit; nothing is changed then
     */
    void restore(List<Variable> some, List<Tensor> copies) {
        int each = size();
        if (copies.size() != each * some.size()) {
            throw new IllegalArgumentException("The state of " + some.size() + " variables must have " + each
                    + " tensors of each. Received: " + copies.size());
        }
        Map<Variable, OfVariable> restored = new IdentityHashMap<>();
        for (int v = 0; v < some.size(); v++) {
            Variable variable = some.get(v);
            List<Tensor> own = copies.subList(v * each, (v + 1) * each);
            if (own.stream().allMatch(t -> t.shape().equals(variable.shape()))) {
                restored.put(variable, OfVariable.of(own.stream().map(Tensor::copy).toList(), optimizer.slotCount()));
            } else if (!own.stream().allMatch(t -> t.size() == 0)) {
                throw new IllegalArgumentException("The state of variable " + v + " must have its shape " + variable.shape()
                        + " or be empty. Received: " + own.stream().map(Tensor::shape).toList());
            }
        }
        variables.clear();
        variables.putAll(restored);
    }
}
