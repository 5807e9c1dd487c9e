package beras.spark;

import java.io.Serializable;

/**
 * Steps after which the shards meet.
 *
 * @param epoch       from 0
 * @param from        the first step of the epoch
 * @param to          the one behind the last
 * @param stepsBefore how many steps the training has made before it
 */
record Round(int epoch, int from, int to, int stepsBefore) implements Serializable {

    private static final long serialVersionUID = 1;
}
