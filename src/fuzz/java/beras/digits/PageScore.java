package beras.digits;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How what was read of pages differs from what is written on them: by the fewest changes that make one of the other. */
final class PageScore {

    /** Something that was read: its confidence, and whether it is a digit of the page, at its place. */
    record Sent(double confidence, boolean isRight) {}

    int pages;
    int things;
    int digits;
    int wrong; // read as another digit
    int missed;
    int added; // read where there is none
    int lines;
    int linesRight;
    final List<Sent> sent = new ArrayList<>();
    /** What was read of each page that {@code relay} would not refuse whatever its least confidence. */
    private final List<List<Sent>> sendable = new ArrayList<>();

    void add(Pages.Page page, Reading reading) {
        int before = sent.size();
        addLines(page, reading);
        if (!reading.lines().isEmpty() && reading.isOfDigits()) {
            sendable.add(List.copyOf(sent.subList(before, sent.size())));
        }
    }

    private void addLines(Pages.Page page, Reading reading) {
        pages++;
        things += page.things();
        digits += page.digits();
        lines += page.lines().size();
        List<Reading.Line> read = reading.lines();
        int[][] cost = new int[page.lines().size() + 1][read.size() + 1];
        for (int i = 0; i < cost.length; i++) {
            for (int j = 0; j < cost[0].length; j++) {
                int missing = i == 0 ? Integer.MAX_VALUE : cost[i - 1][j] + page.lines().get(i - 1).length();
                int extra = j == 0 ? Integer.MAX_VALUE : cost[i][j - 1] + read.get(j - 1).digits().size();
                int both = i == 0 || j == 0 ? Integer.MAX_VALUE
                        : cost[i - 1][j - 1] + last(changes(page.lines().get(i - 1), read.get(j - 1).text()));
                cost[i][j] = i + j == 0 ? 0 : Math.min(both, Math.min(missing, extra));
            }
        }
        int i = page.lines().size();
        int j = read.size();
        while (i + j > 0) {
            boolean both = i > 0 && j > 0
                    && cost[i][j] == cost[i - 1][j - 1] + last(changes(page.lines().get(i - 1), read.get(j - 1).text()));
            boolean extra = !both && j > 0 && cost[i][j] == cost[i][j - 1] + read.get(j - 1).digits().size();
            String line = extra ? "" : page.lines().get(i - 1);
            addLine(line, both || extra ? read.get(j - 1).digits() : List.of());
            i -= extra ? 0 : 1;
            j -= both || extra ? 1 : 0;
        }
    }

    private static int last(int[][] changes) {
        return changes[changes.length - 1][changes[0].length - 1];
    }

    private static int[][] changes(String line, String read) {
        int[][] changes = new int[line.length() + 1][read.length() + 1];
        for (int i = 0; i <= line.length(); i++) {
            for (int j = 0; j <= read.length(); j++) {
                changes[i][j] = i == 0 ? j : j == 0 ? i : Math.min(Math.min(changes[i - 1][j], changes[i][j - 1]) + 1,
                        changes[i - 1][j - 1] + (line.charAt(i - 1) == read.charAt(j - 1) ? 0 : 1));
            }
        }
        return changes;
    }

    private void addLine(String line, List<Reading.Digit> read) {
        String text = new Reading.Line(read).text();
        linesRight += !line.isEmpty() && line.equals(text) ? 1 : 0;
        int[][] changes = changes(line, text);
        int i = line.length();
        int j = text.length();
        while (i + j > 0) {
            boolean same = i > 0 && j > 0 && line.charAt(i - 1) == text.charAt(j - 1);
            if (i > 0 && j > 0 && changes[i][j] == changes[i - 1][j - 1] + (same ? 0 : 1)) {
                wrong += same ? 0 : 1;
                sent.add(new Sent(read.get(j - 1).confidence(), same));
                i--;
                j--;
            } else if (i > 0 && changes[i][j] == changes[i - 1][j] + 1) {
                missed++;
                i--;
            } else {
                added++;
                sent.add(new Sent(read.get(j - 1).confidence(), false));
                j--;
            }
        }
    }

    /** Adds all pages of another score. */
    void add(PageScore other) {
        pages += other.pages;
        things += other.things;
        digits += other.digits;
        wrong += other.wrong;
        missed += other.missed;
        added += other.added;
        lines += other.lines;
        linesRight += other.linesRight;
        sent.addAll(other.sent);
        sendable.addAll(other.sendable);
    }

    /** The share of digits that are right, from which those that are none are taken off, too. */
    double right() {
        return 1 - (double) (wrong + missed + added) / digits;
    }

    /** How many digits are sent of which the net is so sure. */
    long sent(double least) {
        return sent.stream().filter(each -> each.confidence >= least).count();
    }

    /** The share of those that are wrong. */
    double falseSends(double least) {
        return (double) sent.stream().filter(each -> each.confidence >= least && !each.isRight).count() / Math.max(1, sent(least));
    }

    /** How many pages are sent whole if no digit of them may have less confidence. */
    long pagesSent(double least) {
        return pagesSentWhole(least).count();
    }

    /** The share of digits on those that are wrong. */
    double falseOnPagesSent(double least) {
        List<Sent> all = pagesSentWhole(least).flatMap(List::stream).toList();
        return (double) all.stream().filter(each -> !each.isRight).count() / Math.max(1, all.size());
    }

    private Stream<List<Sent>> pagesSentWhole(double least) {
        return sendable.stream().filter(page -> page.stream().allMatch(each -> each.confidence >= least));
    }
}
