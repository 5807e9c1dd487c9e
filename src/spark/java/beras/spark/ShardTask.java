package beras.spark;

import beras.compute.Compute;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** The work of a task on the shards of its partition: it sums their contributions to a round, or to a validation. */
final class ShardTask implements FlatMapFunction<Iterator<Shard>, Attempt<Contribution>> {

    private static final long serialVersionUID = 1;

    private final Broadcast<Replicas> replicas;
    private final Broadcast<float[]> state;
    private final Round round; // null: to validate

    private ShardTask(Broadcast<Replicas> replicas, Broadcast<float[]> state, Round round) {
        this.replicas = replicas;
        this.state = state;
        this.round = round;
    }

    /** To train. */
    static ShardTask round(Broadcast<Replicas> replicas, Broadcast<float[]> state, Round round) {
        return new ShardTask(replicas, state, round);
    }

    /** To measure the loss of the validation rows. */
    static ShardTask validation(Broadcast<Replicas> replicas, Broadcast<float[]> state) {
        return new ShardTask(replicas, state, null);
    }

    @Override
    public Iterator<Attempt<Contribution>> call(Iterator<Shard> part) throws Exception {
        VectorWarning.warnIfScalar();
        List<Shard> shards = new ArrayList<>();
        part.forEachRemaining(shards::add);
        return List.of(Attempt.of(() -> {
            Replica replica = replicas.value().take();
            Contribution[] sum = new Contribution[1];
            Compute.alone(() -> sum[0] = Contribution.sum(0, shards.size(), // a part of the whole tree, as it is aligned
                    i -> round == null ? replica.validate(shards.get(i), state.value())
                            : replica.contribute(shards.get(i), state.value(), round)));
            replicas.value().release(replica); // unless it failed
            return sum[0];
        })).iterator();
    }
}
