package beras.sources;

import beras.data.Splits.Split;
import beras.data.image.PictureFolder;
import beras.data.image.PictureFolder.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Duplicate pictures of a folder, by their effect. */
final class PictureTwins {

    private static final int MOST_SHOWN = 4; // of a set

    private final PictureFolder folder;
    private final List<int[]> ofClasses = new ArrayList<>(); // sets in several classes
    private final List<int[]> ofParts = new ArrayList<>(); // sets of one class, of which some are to train on and some held out

    /**
     * @param sets  the numbers of the pictures that are the same
     * @param split of the folder
     */
    PictureTwins(PictureFolder folder, List<int[]> sets, Split split) {
        this.folder = folder;
        int[] parts = new int[folder.count()];
        IntStream.of(split.validation()).forEach(i -> parts[i] = 1);
        IntStream.of(split.test()).forEach(i -> parts[i] = 2);
        for (int[] set : sets) {
            if (IntStream.of(set).anyMatch(i -> folder.label(i) != folder.label(set[0]))) {
                ofClasses.add(set);
            } else if (IntStream.of(set).anyMatch(i -> parts[i] != 0) && IntStream.of(set).anyMatch(i -> parts[i] == 0)) {
                ofParts.add(set);
            }
        }
    }

    /** Harm to training, a sentence for each kind. */
    List<String> harm() {
        List<String> harm = new ArrayList<>();
        if (!ofClasses.isEmpty()) {
            harm.add(sentence(ofClasses, "in two classes") + ". One of the two labels is wrong");
        }
        if (!ofParts.isEmpty()) {
            harm.add(sentence(ofParts, "to train on and to judge by")
                    + ". Accuracies are too good by that. Remove one"
                    + (folder.hasPart(Part.VALIDATION) || folder.hasPart(Part.TEST) ? ""
                            : ", or put both into one folder in that of their class: such a group stays together"));
        }
        return harm;
    }

    private String sentence(List<int[]> sets, String where) {
        int[] first = sets.get(0);
        String more = first.length > MOST_SHOWN ? " and " + (first.length - MOST_SHOWN) + " more" : "";
        return (sets.size() == 1 ? "A picture is " : sets.size() + " pictures are ") + where + (sets.size() == 1 ? ": " : ", such as ")
                + IntStream.of(first).limit(MOST_SHOWN).mapToObj(folder::name).collect(Collectors.joining(" and ")) + more;
    }
}
