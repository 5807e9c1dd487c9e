package beras.optimizers;

import beras.kernels.MatrixView;
import beras.kernels.Update;

/** A rule that has a kernel. */
record KernelRule(Update update) implements StepRule {

    /** The kernel of a rule; for a custom one, the rule itself. */
    static Update of(StepRule rule) {
        return rule instanceof KernelRule known ? known.update : (w, g, slots, from, to) -> {
            Values[] values = new Values[slots.length];
            for (int i = 0; i < slots.length; i++) {
                values[i] = new Values(slots[i]);
            }
            rule.apply(new Values(w), new Values(g), values, from, to);
        };
    }

    @Override
    public void apply(Values w, Values g, Values[] slots, int from, int to) {
        MatrixView[] blocks = new MatrixView[slots.length];
        for (int i = 0; i < slots.length; i++) {
            blocks[i] = slots[i].block;
        }
        update.apply(w.block, g.block, blocks, from, to);
    }
}
