package clade.segmentation;

import clade.clustering.ClusteringModel;
import clade.clustering.ContingencyTable;
import clade.statistics.DecimalSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The customers of two segmentations, counted by pairs of segments.
 *
 * @param left segments in the order of answers
 * @param right likewise
 * @param cells the pairs with customers, by left and then right segment
 * @param limits what makes a top spender and a least engaged customer
 */
record ComparisonTable(
        List<Segment> left, List<Segment> right, List<Cell> cells, long onlyLeft, long onlyRight, Limits limits) {

    /** A segment of either side. */
    record Segment(String key, String name, boolean noise) {}

    /**
     * A pair of segments.
     *
     * @param left index of the left segment
     * @param right index of the right segment
     * @param revenue null where neither side knows it
     * @param topSpenders of its customers
     * @param leastEngaged of its customers
     */
    record Cell(
            int left,
            int right,
            long customers,
            @Nullable Double revenue,
            long topSpenders,
            @Nullable Double topRevenue,
            long leastEngaged) {}

    /** Null where neither side has the feature. */
    record Limits(
            @Nullable Double topMonetary,
            @Nullable Double leastRecency,
            @Nullable Double mostFrequency) {}

    long customers() {
        return cells.stream().mapToLong(Cell::customers).sum();
    }

    /** Null if there are no customers or their revenue is not known. */
    @Nullable
    Double revenue() {
        return revenue(cells);
    }

    static @Nullable Double revenue(List<Cell> some) {
        boolean known = !some.isEmpty() && some.stream().allMatch(cell -> cell.revenue() != null);
        return known
                ? DecimalSum.of(some.stream()
                        .mapToDouble(cell -> cell.revenue() == null ? 0 : cell.revenue())
                        .toArray())
                : null;
    }

    /** The same seen from the other side. */
    ComparisonTable swapped() {
        List<Cell> turned = new ArrayList<>();
        for (Cell cell : cells) {
            turned.add(new Cell(
                    cell.right(),
                    cell.left(),
                    cell.customers(),
                    cell.revenue(),
                    cell.topSpenders(),
                    cell.topRevenue(),
                    cell.leastEngaged()));
        }
        return new ComparisonTable(right, left, turned, onlyRight, onlyLeft, limits);
    }

    /** The cells of a left segment. */
    List<Cell> ofLeft(int segment) {
        return cells.stream().filter(cell -> cell.left() == segment).toList();
    }

    long leftSize(int segment) {
        return ofLeft(segment).stream().mapToLong(Cell::customers).sum();
    }

    /** Customers of each right segment. */
    long[] rightSizes() {
        long[] sizes = new long[right.size()];
        cells.forEach(cell -> sizes[cell.right()] += cell.customers());
        return sizes;
    }

    /** The engine's form; at least one customer. */
    ContingencyTable counts() {
        return ContingencyTable.of(
                cells.stream().mapToInt(cell -> label(left, cell.left())).toArray(),
                cells.stream().mapToInt(cell -> label(right, cell.right())).toArray(),
                cells.stream()
                        .mapToInt(cell -> Math.toIntExact(cell.customers()))
                        .toArray());
    }

    /** Noise is a class of its own there; segments without customers of both sides leave harmless gaps. */
    private static int label(List<Segment> segments, int index) {
        return segments.get(index).noise() ? ClusteringModel.NOISE : index;
    }

    /** Groups of one side as the API shows them. */
    List<Comparison.Group> groups() {
        long all = customers();
        Double allRevenue = revenue();
        Comparison.Group[] groups = new Comparison.Group[left.size()];
        Arrays.setAll(groups, i -> {
            List<Cell> own = ofLeft(i);
            long size = own.stream().mapToLong(Cell::customers).sum();
            Double revenue = own.isEmpty() && allRevenue != null ? Double.valueOf(0) : revenue(own);
            return new Comparison.Group(
                    left.get(i).key(),
                    left.get(i).name(),
                    left.get(i).noise(),
                    size,
                    all == 0 ? null : (double) size / all,
                    revenue,
                    revenue == null || allRevenue == null || allRevenue == 0 ? null : revenue / allRevenue);
        });
        return List.of(groups);
    }
}
