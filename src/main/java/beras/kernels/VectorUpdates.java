package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Updates} with SIMD. */
final class VectorUpdates extends ScalarUpdates {

    /** Adam is asked for first, so that the usual training loads no other rule. */
    @Override
    void apply(Update update, MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
        int bound = FLOATS.loopBound(to - from);
        float[] ws = w.data;
        int wOffset = w.offset + from;
        float[] gs = g.data;
        int gOffset = g.offset + from;
        if (update instanceof Update.Adam rule) {
            adam(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, slots[1].data, slots[1].offset + from,
                    bound);
        } else if (update instanceof Update.Sgd rule) {
            sgd(rule, ws, wOffset, gs, gOffset, bound);
        } else if (update instanceof Update.SgdMomentum rule) {
            sgdMomentum(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, bound);
        } else if (update instanceof Update.RmsProp rule) {
            rmsProp(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, bound);
        } else if (update instanceof Update.KerasRmsProp rule) {
            MatrixView a = slots[rule.centered() ? 1 : 0]; // or any, for it is not used then; m likewise
            MatrixView m = slots[!rule.hasMomentum() ? 0 : rule.centered() ? 2 : 1];
            kerasRmsProp(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, a.data, a.offset + from, m.data,
                    m.offset + from, bound);
        } else if (update instanceof Update.AmsGrad rule) {
            amsGrad(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, slots[1].data, slots[1].offset + from,
                    slots[2].data, slots[2].offset + from, bound);
        } else if (update instanceof Update.Nadam rule) {
            nadam(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, slots[1].data, slots[1].offset + from,
                    bound);
        } else if (update instanceof Update.Adamax rule) {
            adamax(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, slots[1].data, slots[1].offset + from,
                    bound);
        } else if (update instanceof Update.Adagrad rule) {
            adagrad(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, bound);
        } else if (update instanceof Update.Adadelta rule) {
            adadelta(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, slots[1].data,
                    slots[1].offset + from, bound);
        } else if (update instanceof Update.Lion rule) {
            lion(rule, ws, wOffset, gs, gOffset, slots[0].data, slots[0].offset + from, bound);
        } else {
            bound = 0; // a rule of somebody else
        }
        super.apply(update, w, g, slots, from + bound, to);
    }

    private static void sgd(Update.Sgd rule, float[] w, int wOffset, float[] g, int gOffset, int bound) {
        FloatVector down = broadcast(FLOATS, -rule.rate());
        for (int i = 0; i < bound; i += COUNT) {
            down.fma(fromArray(FLOATS, g, gOffset + i), fromArray(FLOATS, w, wOffset + i)).intoArray(w, wOffset + i);
        }
    }

    private static void rmsProp(Update.RmsProp rule, float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset,
            int bound) {
        FloatVector rates = broadcast(FLOATS, rule.rate());
        FloatVector betas = broadcast(FLOATS, rule.beta());
        FloatVector oneMinusBetas = broadcast(FLOATS, rule.oneMinusBeta());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        FloatVector rounder = broadcast(FLOATS, SECOND_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector vi = gi.mul(oneMinusBetas).fma(gi, fromArray(FLOATS, v, vOffset + i).mul(betas));
            vi = vi.add(rounder).sub(rounder);
            vi.intoArray(v, vOffset + i);
            fromArray(FLOATS, w, wOffset + i).sub(gi.mul(rates).div(vi.sqrt().add(epsilons))).intoArray(w, wOffset + i);
        }
    }

    private static void adam(Update.Adam rule, float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset, float[] v,
            int vOffset, int bound) {
        if (bound == 0) { // as the warm-up calls it most
            return;
        }
        FloatVector rates = broadcast(FLOATS, rule.rate());
        FloatVector betas1 = broadcast(FLOATS, rule.beta1());
        FloatVector oneMinusBetas1 = broadcast(FLOATS, rule.oneMinusBeta1());
        FloatVector betas2 = broadcast(FLOATS, rule.beta2());
        FloatVector oneMinusBetas2 = broadcast(FLOATS, rule.oneMinusBeta2());
        FloatVector rootCorrections = broadcast(FLOATS, rule.rootCorrection());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        FloatVector rounder1 = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        FloatVector rounder2 = broadcast(FLOATS, SECOND_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector mi = oneMinusBetas1.fma(gi, fromArray(FLOATS, m, mOffset + i).mul(betas1));
            FloatVector vi = gi.mul(oneMinusBetas2).fma(gi, fromArray(FLOATS, v, vOffset + i).mul(betas2));
            mi = mi.add(rounder1).sub(rounder1);
            vi = vi.add(rounder2).sub(rounder2);
            mi.intoArray(m, mOffset + i);
            vi.intoArray(v, vOffset + i);
            fromArray(FLOATS, w, wOffset + i).sub(mi.mul(rates).div(vi.sqrt().fma(rootCorrections, epsilons))).intoArray(w,
                    wOffset + i);
        }
    }

    private static void sgdMomentum(Update.SgdMomentum rule, float[] w, int wOffset, float[] g, int gOffset, float[] v,
            int vOffset, int bound) {
        FloatVector down = broadcast(FLOATS, -rule.rate());
        FloatVector momenta = broadcast(FLOATS, rule.momentum());
        FloatVector rounder = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector vi = down.fma(gi, fromArray(FLOATS, v, vOffset + i).mul(momenta));
            vi = vi.add(rounder).sub(rounder);
            vi.intoArray(v, vOffset + i);
            FloatVector wi = fromArray(FLOATS, w, wOffset + i);
            if (rule.nesterov()) {
                wi.add(down.fma(gi, vi.mul(momenta))).intoArray(w, wOffset + i);
            } else {
                wi.add(vi).intoArray(w, wOffset + i);
            }
        }
    }

    private static void kerasRmsProp(Update.KerasRmsProp rule, float[] w, int wOffset, float[] g, int gOffset, float[] v,
            int vOffset, float[] a, int aOffset, float[] m, int mOffset, int bound) {
        FloatVector rates = broadcast(FLOATS, rule.rate());
        FloatVector rhos = broadcast(FLOATS, rule.rho());
        FloatVector oneMinusRhos = broadcast(FLOATS, rule.oneMinusRho());
        FloatVector momenta = broadcast(FLOATS, rule.momentum());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        FloatVector zero = broadcast(FLOATS, 0f);
        FloatVector rounder1 = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        FloatVector rounder2 = broadcast(FLOATS, SECOND_MOMENT_ROUNDER);
        boolean centered = rule.centered();
        boolean hasMomentum = rule.hasMomentum();
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector vi = gi.mul(oneMinusRhos).fma(gi, fromArray(FLOATS, v, vOffset + i).mul(rhos));
            vi = vi.add(rounder2).sub(rounder2);
            vi.intoArray(v, vOffset + i);
            FloatVector variance = vi;
            if (centered) {
                FloatVector ai = oneMinusRhos.fma(gi, fromArray(FLOATS, a, aOffset + i).mul(rhos));
                ai = ai.add(rounder1).sub(rounder1);
                ai.intoArray(a, aOffset + i);
                variance = ai.neg().fma(ai, vi).max(zero);
            }
            FloatVector step = gi.mul(rates).div(variance.add(epsilons).sqrt());
            if (hasMomentum) {
                step = momenta.fma(fromArray(FLOATS, m, mOffset + i), step);
                step = step.add(rounder1).sub(rounder1);
                step.intoArray(m, mOffset + i);
            }
            fromArray(FLOATS, w, wOffset + i).sub(step).intoArray(w, wOffset + i);
        }
    }

    private static void amsGrad(Update.AmsGrad rule, float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset,
            float[] v, int vOffset, float[] top, int topOffset, int bound) {
        FloatVector rates = broadcast(FLOATS, rule.rate());
        FloatVector betas1 = broadcast(FLOATS, rule.beta1());
        FloatVector oneMinusBetas1 = broadcast(FLOATS, rule.oneMinusBeta1());
        FloatVector betas2 = broadcast(FLOATS, rule.beta2());
        FloatVector oneMinusBetas2 = broadcast(FLOATS, rule.oneMinusBeta2());
        FloatVector rootCorrections = broadcast(FLOATS, rule.rootCorrection());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        FloatVector rounder1 = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        FloatVector rounder2 = broadcast(FLOATS, SECOND_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector mi = oneMinusBetas1.fma(gi, fromArray(FLOATS, m, mOffset + i).mul(betas1));
            FloatVector vi = gi.mul(oneMinusBetas2).fma(gi, fromArray(FLOATS, v, vOffset + i).mul(betas2));
            mi = mi.add(rounder1).sub(rounder1);
            vi = vi.add(rounder2).sub(rounder2);
            FloatVector most = fromArray(FLOATS, top, topOffset + i).max(vi);
            mi.intoArray(m, mOffset + i);
            vi.intoArray(v, vOffset + i);
            most.intoArray(top, topOffset + i);
            fromArray(FLOATS, w, wOffset + i).sub(mi.mul(rates).div(most.sqrt().fma(rootCorrections, epsilons))).intoArray(w,
                    wOffset + i);
        }
    }

    private static void nadam(Update.Nadam rule, float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset,
            float[] v, int vOffset, int bound) {
        FloatVector momentRates = broadcast(FLOATS, rule.momentRate());
        FloatVector gradientRates = broadcast(FLOATS, rule.gradientRate());
        FloatVector betas1 = broadcast(FLOATS, rule.beta1());
        FloatVector oneMinusBetas1 = broadcast(FLOATS, rule.oneMinusBeta1());
        FloatVector betas2 = broadcast(FLOATS, rule.beta2());
        FloatVector oneMinusBetas2 = broadcast(FLOATS, rule.oneMinusBeta2());
        FloatVector rootCorrections = broadcast(FLOATS, rule.rootCorrection());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        FloatVector rounder1 = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        FloatVector rounder2 = broadcast(FLOATS, SECOND_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector mi = oneMinusBetas1.fma(gi, fromArray(FLOATS, m, mOffset + i).mul(betas1));
            FloatVector vi = gi.mul(oneMinusBetas2).fma(gi, fromArray(FLOATS, v, vOffset + i).mul(betas2));
            mi = mi.add(rounder1).sub(rounder1);
            vi = vi.add(rounder2).sub(rounder2);
            mi.intoArray(m, mOffset + i);
            vi.intoArray(v, vOffset + i);
            FloatVector step = gradientRates.fma(gi, mi.mul(momentRates)).div(vi.sqrt().fma(rootCorrections, epsilons));
            fromArray(FLOATS, w, wOffset + i).sub(step).intoArray(w, wOffset + i);
        }
    }

    private static void adamax(Update.Adamax rule, float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset,
            float[] u, int uOffset, int bound) {
        FloatVector rates = broadcast(FLOATS, rule.rate());
        FloatVector betas1 = broadcast(FLOATS, rule.beta1());
        FloatVector oneMinusBetas1 = broadcast(FLOATS, rule.oneMinusBeta1());
        FloatVector betas2 = broadcast(FLOATS, rule.beta2());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        FloatVector rounder = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector mi = oneMinusBetas1.fma(gi, fromArray(FLOATS, m, mOffset + i).mul(betas1));
            FloatVector ui = fromArray(FLOATS, u, uOffset + i).mul(betas2).max(gi.abs());
            mi = mi.add(rounder).sub(rounder);
            ui = ui.add(rounder).sub(rounder);
            mi.intoArray(m, mOffset + i);
            ui.intoArray(u, uOffset + i);
            fromArray(FLOATS, w, wOffset + i).sub(mi.mul(rates).div(ui.add(epsilons))).intoArray(w, wOffset + i);
        }
    }

    private static void adagrad(Update.Adagrad rule, float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset,
            int bound) {
        FloatVector rates = broadcast(FLOATS, rule.rate());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector vi = gi.fma(gi, fromArray(FLOATS, v, vOffset + i));
            vi.intoArray(v, vOffset + i);
            fromArray(FLOATS, w, wOffset + i).sub(gi.mul(rates).div(vi.add(epsilons).sqrt())).intoArray(w, wOffset + i);
        }
    }

    private static void adadelta(Update.Adadelta rule, float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset,
            float[] d, int dOffset, int bound) {
        FloatVector down = broadcast(FLOATS, -rule.rate());
        FloatVector rhos = broadcast(FLOATS, rule.rho());
        FloatVector oneMinusRhos = broadcast(FLOATS, rule.oneMinusRho());
        FloatVector epsilons = broadcast(FLOATS, rule.epsilon());
        FloatVector rounder = broadcast(FLOATS, SECOND_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector di = fromArray(FLOATS, d, dOffset + i);
            FloatVector vi = gi.mul(oneMinusRhos).fma(gi, fromArray(FLOATS, v, vOffset + i).mul(rhos));
            vi = vi.add(rounder).sub(rounder);
            FloatVector step = gi.mul(di.add(epsilons).sqrt()).div(vi.add(epsilons).sqrt());
            di = step.mul(oneMinusRhos).fma(step, di.mul(rhos));
            di = di.add(rounder).sub(rounder);
            vi.intoArray(v, vOffset + i);
            di.intoArray(d, dOffset + i);
            down.fma(step, fromArray(FLOATS, w, wOffset + i)).intoArray(w, wOffset + i);
        }
    }

    private static void lion(Update.Lion rule, float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset,
            int bound) {
        FloatVector up = broadcast(FLOATS, rule.rate());
        FloatVector down = broadcast(FLOATS, -rule.rate());
        FloatVector betas1 = broadcast(FLOATS, rule.beta1());
        FloatVector oneMinusBetas1 = broadcast(FLOATS, rule.oneMinusBeta1());
        FloatVector betas2 = broadcast(FLOATS, rule.beta2());
        FloatVector oneMinusBetas2 = broadcast(FLOATS, rule.oneMinusBeta2());
        FloatVector zero = broadcast(FLOATS, 0f);
        FloatVector rounder = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector gi = fromArray(FLOATS, g, gOffset + i);
            FloatVector mi = fromArray(FLOATS, m, mOffset + i);
            FloatVector direction = oneMinusBetas1.fma(gi, mi.mul(betas1));
            FloatVector step = direction.blend(up, direction.compare(VectorOperators.GT, zero))
                    .blend(down, direction.compare(VectorOperators.LT, zero));
            mi = oneMinusBetas2.fma(gi, mi.mul(betas2));
            mi = mi.add(rounder).sub(rounder);
            mi.intoArray(m, mOffset + i);
            fromArray(FLOATS, w, wOffset + i).sub(step).intoArray(w, wOffset + i);
        }
    }

    @Override
    void blend(float a, MatrixView x, float b, MatrixView y, int from, int to) {
        int bound = FLOATS.loopBound(to - from);
        blend(a, x.data, x.offset + from, b, y.data, y.offset + from, bound);
        super.blend(a, x, b, y, from + bound, to);
    }

    private static void blend(float a, float[] x, int xOffset, float b, float[] y, int yOffset, int bound) {
        FloatVector as = broadcast(FLOATS, a);
        FloatVector bs = broadcast(FLOATS, b);
        FloatVector rounder = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector yi = as.fma(fromArray(FLOATS, x, xOffset + i), fromArray(FLOATS, y, yOffset + i).mul(bs));
            yi.add(rounder).sub(rounder).intoArray(y, yOffset + i);
        }
    }
}
