package clade.segmentation;

import clade.rfm.Binning;
import clade.rfm.RfmScheme;
import clade.segmentation.GridController.Cell;
import clade.segmentation.GridController.Cuts;
import clade.segmentation.GridController.Grid;
import clade.statistics.ParetoShare;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Adds up the customers of a run by cells of two or three scores. */
final class GridOfRun {

    private final ScoreGrid.Scored scored;
    private final RfmModel model;
    private final boolean monetary;
    private final double[] all;
    private final double revenue;

    GridOfRun(ScoreGrid.Scored scored, int axes) {
        this.scored = scored;
        this.model = scored.model();
        this.monetary = axes == AxisBinnings.AXES.size();
        this.all = scored.monetary().values().stream()
                .flatMapToDouble(Arrays::stream)
                .toArray();
        this.revenue = scored.revenue();
    }

    Grid answer(String segmentation) {
        int scores = model.scheme().scores();
        Map<List<Integer>, List<double[]>> groups = new HashMap<>();
        scored.monetary()
                .forEach((cell, values) -> groups.computeIfAbsent(
                                List.of(cell.recency(), cell.frequency(), monetary ? cell.monetary() : 0),
                                place -> new ArrayList<>())
                        .add(values));
        List<Cell> cells = new ArrayList<>();
        for (int r = scores; r >= 1; r--) {
            for (int f = scores; f >= 1; f--) {
                for (int m = monetary ? scores : 0; m >= (monetary ? 1 : 0); m--) {
                    cells.add(cell(r, f, m, groups.getOrDefault(List.of(r, f, m), List.of())));
                }
            }
        }
        return new Grid(
                segmentation,
                scored.run().number(),
                scored.run().asOf(),
                scores,
                AxisBinnings.AXES.subList(0, monetary ? 3 : 2),
                cuts(),
                all.length,
                revenue,
                ParetoShare.of(all),
                cells);
    }

    private Cell cell(int recency, int frequency, int monetaryScore, List<double[]> values) {
        long customers = values.stream().mapToLong(cell -> cell.length).sum();
        double cellRevenue = ScoreGrid.Scored.revenue(values);
        return new Cell(
                recency,
                frequency,
                monetary ? monetaryScore : null,
                segment(recency, frequency, monetaryScore),
                customers,
                all.length == 0 ? 0 : (double) customers / all.length,
                cellRevenue,
                revenue == 0 ? null : cellRevenue / revenue);
    }

    private @Nullable String segment(int recency, int frequency, int monetaryScore) {
        int[] segments = IntStream.rangeClosed(
                        monetary ? monetaryScore : 1,
                        monetary ? monetaryScore : model.scheme().scores())
                .map(m -> model.map().segmentOf(recency, frequency, m))
                .distinct()
                .toArray();
        return segments.length == 1 ? model.map().segments().get(segments[0]).key() : null;
    }

    private Map<String, Cuts> cuts() {
        RfmScheme scheme = model.scheme();
        List<double[]> cuts = List.of(scheme.recencyCuts(), scheme.frequencyCuts(), scheme.monetaryCuts());
        Map<String, Cuts> byAxis = new LinkedHashMap<>();
        for (int axis = 0; axis < cuts.size(); axis++) {
            Binning binning = scored.binning().all().get(axis);
            boolean above = binning instanceof Binning.RfmPackage;
            byAxis.put(
                    AxisBinnings.AXES.get(axis),
                    new Cuts(
                            AxisBinnings.name(binning),
                            // the scheme keeps "at least c" as "above the double before c"
                            Arrays.stream(cuts.get(axis))
                                    .map(cut -> above ? Math.nextUp(cut) : cut)
                                    .boxed()
                                    .toList(),
                            above ? "above" : "below"));
        }
        return byAxis;
    }
}
