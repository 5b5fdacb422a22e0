package clade.segmentation.report;

import static clade.segmentation.report.Figures.text;
import static clade.segmentation.report.HtmlPage.escaped;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Draws where a segment lies among all customers: for each feature a band from the 10 % to the 90 % quantile of all with a line
 * at their median, and on it the segment's own quantiles as a bar with a dot at its median.
 */
final class ProfileChart {

    /** More rows would make the chart of a segment longer than what else is said of it. */
    static final int MOST_FEATURES = 6;

    private static final int WIDTH = 330;
    private static final int RIGHT = 240;
    private static final int ROW = 19;

    /** Characters of a label left of the bands at most, and how wide one is. */
    private static final int LABEL = 22;

    private static final double LETTER = 6.4;

    /** Values this many times their median are drawn on a scale of logarithms. */
    private static final double LONG_TAIL = 5;

    private final List<Report.Feature> features;
    private final List<Scale> scales = new ArrayList<>();

    ProfileChart(Report report) {
        this.features = report.features().stream().limit(MOST_FEATURES).toList();
        double left = 10
                + LETTER
                        * features.stream()
                                .mapToInt(feature ->
                                        Math.min(LABEL, feature.label().length()))
                                .max()
                                .orElse(0);
        for (Report.Feature feature : features) {
            double least = feature.p10();
            double most = feature.p90();
            for (Report.Group group : report.segments()) {
                Report.Spread spread = group.features().get(feature.name());
                if (spread != null) {
                    least = Math.min(least, spread.p10());
                    most = Math.max(most, spread.p90());
                }
            }
            scales.add(new Scale(left, least, most, least >= 0 && most > LONG_TAIL * Math.max(1, feature.median())));
        }
    }

    private record Scale(double left, double least, double most, boolean logarithmic) {

        double at(double value) {
            double from = on(least);
            double to = on(most);
            return to == from ? (left + RIGHT) / 2 : left + (RIGHT - left) * (on(value) - from) / (to - from);
        }

        private double on(double value) {
            return logarithmic ? Math.log1p(Math.max(0, value)) : value;
        }
    }

    /** Empty for a segment without customers. */
    String svg(Report.Group group) {
        List<Integer> known = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            if (group.features().get(features.get(i).name()) != null) {
                known.add(i);
            }
        }
        if (known.isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder();
        List<String> words = new ArrayList<>();
        for (int row = 0; row < known.size(); row++) {
            Report.Feature feature = features.get(known.get(row));
            Report.Spread spread = Objects.requireNonNull(group.features().get(feature.name()));
            row(rows, feature, spread, scales.get(known.get(row)), row * ROW + ROW / 2.0);
            words.add("%s: median %s, of all customers %s"
                    .formatted(feature.label(), feature.shown(spread.median()), feature.shown(feature.median())));
        }
        return text(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Profile of %s. %s\">%s</svg>",
                WIDTH, known.size() * ROW, escaped(group.name()), escaped(String.join("; ", words)), rows);
    }

    private static void row(
            StringBuilder svg, Report.Feature feature, Report.Spread spread, Scale scale, double middle) {
        svg.append(text(
                "<text x=\"0\" y=\"%.1f\" font-size=\"11\" fill=\"#1b2330\">%s</text>",
                middle + 4, escaped(Figures.shortened(feature.label(), LABEL))));
        svg.append(text(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"13\" fill=\"#e1e6ec\"/>",
                scale.at(feature.p10()), middle - 6.5, Math.max(1, scale.at(feature.p90()) - scale.at(feature.p10()))));
        svg.append(text(
                "<path d=\"M%.1f %.1fv13\" stroke=\"#5a6575\" stroke-width=\"1.5\"/>",
                scale.at(feature.median()), middle - 6.5));
        svg.append(text(
                "<path d=\"M%.1f %.1fH%.1f\" stroke=\"#123a5e\" stroke-width=\"2.5\"/>",
                scale.at(spread.p10()), middle, Math.max(scale.at(spread.p10()) + 1, scale.at(spread.p90()))));
        svg.append(text(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.2\" fill=\"#123a5e\" stroke=\"#fff\" stroke-width=\"1\"/>",
                scale.at(spread.median()), middle));
        svg.append(text(
                "<text x=\"%d\" y=\"%.1f\" font-size=\"11\" text-anchor=\"end\" fill=\"#1b2330\" font-weight=\"600\">%s</text>",
                WIDTH, middle + 4, escaped(feature.shown(spread.median()))));
    }
}
