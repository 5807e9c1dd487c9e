package beras.sources;

import beras.data.Splits.Split;
import beras.data.image.PictureFolder;
import beras.data.image.PictureFolder.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Pictures of a folder that are there more than once, by what that does. */
public final class PictureTwins {

    private final PictureFolder folder;
    private final List<int[]> ofClasses = new ArrayList<>(); // two of each set, which are in two classes
    private final List<int[]> ofParts = new ArrayList<>(); // of one class, one of them to train on and one held out
    private final List<int[]> others = new ArrayList<>();

    /**
     * @param sets  the numbers of the pictures that are the same
     * @param split of the folder
     */
    public PictureTwins(PictureFolder folder, List<int[]> sets, Split split) {
        this.folder = folder;
        int[] parts = new int[folder.count()];
        IntStream.of(split.validation()).forEach(i -> parts[i] = 1);
        IntStream.of(split.test()).forEach(i -> parts[i] = 2);
        for (int[] set : sets) {
            int[] byClass = IntStream.of(set).filter(i -> folder.label(i) != folder.label(set[0])).toArray();
            int[] trained = IntStream.of(set).filter(i -> parts[i] == 0).toArray();
            int[] held = IntStream.of(set).filter(i -> parts[i] != 0).toArray();
            if (byClass.length > 0) {
                ofClasses.add(new int[] {set[0], byClass[0]});
            } else if (trained.length > 0 && held.length > 0) {
                ofParts.add(new int[] {trained[0], held[0]});
            } else {
                others.add(new int[] {set[0], set[1]});
            }
        }
    }

    /** How many pictures are in several classes. */
    public int inClasses() {
        return ofClasses.size();
    }

    /** How many pictures of one class are both to train on and held out. */
    public int inParts() {
        return ofParts.size();
    }

    /** How many other pictures are there more than once. */
    public int others() {
        return others.size();
    }

    /** What harms a training, a sentence for each kind of harm. */
    public List<String> harm() {
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

    /** {@link #harm}, and which other pictures are there more than once. */
    public List<String> all() {
        List<String> all = harm();
        if (!others.isEmpty()) {
            all.add(sentence(others, "twice in a class"));
        }
        return all;
    }

    private String sentence(List<int[]> pairs, String where) {
        return (pairs.size() == 1 ? "A picture is " : pairs.size() + " pictures are ") + where + (pairs.size() == 1 ? ": "
                : ", such as ")
                + folder.name(pairs.get(0)[0]) + " and " + folder.name(pairs.get(0)[1]);
    }
}
