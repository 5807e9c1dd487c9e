package beras.spark;

import java.io.Serializable;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The replicas of one training in one JVM: one for each task that computes at the same time. Broadcast, there is one such object
 * in each executor, and the replicas go when the broadcast is destroyed. So concurrent training runs do not share any.
 */
final class Replicas implements Serializable {

    private static final long serialVersionUID = 1;

    private final Plan plan;
    private transient ConcurrentLinkedQueue<Replica> idle; // null: none were used in this JVM yet

    Replicas(Plan plan) {
        this.plan = plan;
    }

    /** A replica that nobody else uses, to be {@linkplain #release given back}. */
    Replica take() {
        Replica replica = idle().poll();
        return replica == null ? new Replica(plan) : replica;
    }

    /** Takes back a replica whose work did not fail. */
    void release(Replica replica) {
        idle().add(replica);
    }

    private synchronized ConcurrentLinkedQueue<Replica> idle() {
        if (idle == null) {
            idle = new ConcurrentLinkedQueue<>();
        }
        return idle;
    }
}
