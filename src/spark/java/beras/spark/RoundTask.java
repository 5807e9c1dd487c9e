package beras.spark;

import beras.kernels.Threads;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** What a task does in a round: it sums what its shards contribute. */
final class RoundTask implements FlatMapFunction<Iterator<Shard>, Attempt<Contribution>> {

    private static final long serialVersionUID = 1;

    private final Plan plan;
    private final Round round;
    private final Broadcast<float[]> state;

    RoundTask(Plan plan, Round round, Broadcast<float[]> state) {
        this.plan = plan;
        this.round = round;
        this.state = state;
    }

    @Override
    public Iterator<Attempt<Contribution>> call(Iterator<Shard> part) {
        OpenModels.sayIfScalar();
        List<Shard> shards = new ArrayList<>();
        part.forEachRemaining(shards::add);
        return List.of(Attempt.of(() -> {
            Replica replica = Replica.take(plan);
            Contribution[] sum = new Contribution[1];
            Threads.alone(() -> sum[0] = Contribution.sum(0, shards.size(), // a part of the whole tree, as it is aligned
                    i -> replica.contribute(shards.get(i), state.value(), round)));
            replica.release(); // unless it failed
            return sum[0];
        })).iterator();
    }
}
