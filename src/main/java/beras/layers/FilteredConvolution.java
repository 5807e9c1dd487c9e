package beras.layers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;

/**
 * A convolution with so many filters, each of which sees all channels, or those of its group.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class FilteredConvolution<L extends FilteredConvolution<L>> extends Convolution<L> {

    private int filters = 1;
    private int groups = 1;

    FilteredConvolution(int axes) {
        super(axes);
    }

    /** @param windowing of a layer that this one is a part of */
    FilteredConvolution(Windowing windowing) {
        super(windowing);
    }

    FilteredConvolution(int axes, int filters, int... kernelSize) {
        super(axes);
        set("filters", filters);
        set("kernelSize", kernelSize);
    }

    @Override
    public final void settings(Settings s) {
        filters(s);
        windowing().size(s.required(), "kernelSize");
        windowing().move(s);
        windowing().dilation(s);
        groups = Arguments.atLeast(1, "groups", s.integer("groups", groups));
        kernelSettings(s);
    }

    /** The setting of the filters. */
    final void filters(Settings s) {
        filters = Arguments.atLeast(1, "filters of " + windowing().layer(), s.required().integer("filters", filters));
    }

    @Override
    final int groupsOf(int channels) {
        return groups;
    }

    @Override
    final int filtersOf(int channels) {
        return filters;
    }

    @Override
    final int channels(Shape input) {
        int channels = requireChannels(input, kernel() == null ? 0 : kernel().dim(-2) * groups);
        if (channels % groups != 0 || filters % groups != 0) {
            throw new IllegalArgumentException(windowing().layer() + " needs channels and filters that are multiples of its "
                    + groups + " groups. Received: " + channels + " channels and " + filters + " filters");
        }
        return channels;
    }

    @Override
    final Shape kernelShape(Shape input) {
        return windowing().kernel(channels(input) / groups, filters);
    }
}
