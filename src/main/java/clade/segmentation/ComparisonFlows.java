package clade.segmentation;

import clade.segmentation.Comparison.Cell;
import clade.segmentation.Comparison.Group;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Draws which customers of the left segments are where on the right, as bands whose width is their number. */
final class ComparisonFlows {

    /** Beyond, bands and names would lie on each other. */
    private static final int MOST_SEGMENTS = 14;

    private static final int LEFT = 250;
    private static final int RIGHT = 600;
    private static final int BAR = 12;
    private static final double GAP = 8;
    private static final double LABEL = 15;
    private static final int LONGEST_NAME = 34;

    /** After Okabe and Ito (2008): told apart by colour-blind people, too. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#6a5acd");

    private static final String NOISE = "#8a93a0";

    private ComparisonFlows() {}

    /** Empty if there are too many segments to draw. */
    static String svg(Comparison comparison) {
        List<Group> left = present(comparison.left());
        List<Group> right = present(comparison.right());
        int most = Math.max(left.size(), right.size());
        if (most > MOST_SEGMENTS) {
            return "";
        }
        double height = Math.max(220, most * 30);
        double scale = (height - GAP * (most - 1)) / comparison.customers();
        double[] leftTop = tops(left, scale, height);
        double[] rightTop = tops(right, scale, height);
        StringBuilder svg = new StringBuilder(ComparisonPage.text(
                "<svg viewBox=\"0 0 870 %.0f\" role=\"img\" aria-label=\"Customers by segment of %s, left, and of %s, right\">\n",
                height + 34,
                ComparisonPage.escaped(comparison.left().name()),
                ComparisonPage.escaped(comparison.right().name())));
        heading(svg, LEFT - 8, "end", comparison.left().name());
        heading(svg, RIGHT + BAR + 8, "start", comparison.right().name());
        double[] leftNext = leftTop.clone();
        double[] rightNext = rightTop.clone();
        List<Cell> ordered = comparison.contingency().stream()
                .sorted(Comparator.comparingInt((Cell cell) -> index(left, cell.left()))
                        .thenComparingInt(cell -> index(right, cell.right())))
                .toList();
        for (Cell cell : ordered) {
            int from = index(left, cell.left());
            int to = index(right, cell.right());
            double width = cell.customers() * scale;
            band(
                    svg,
                    leftNext[from],
                    rightNext[to],
                    width,
                    colour(left, from),
                    title(left.get(from), right.get(to), cell));
            leftNext[from] += width;
            rightNext[to] += width;
        }
        bars(svg, left, leftTop, scale, LEFT, true);
        bars(svg, right, rightTop, scale, RIGHT, false);
        return svg.append("</svg>\n").toString();
    }

    private static String title(Group from, Group to, Cell cell) {
        return "%s → %s: %s".formatted(from.name(), to.name(), ComparisonFindings.count(cell.customers()));
    }

    private static void heading(StringBuilder svg, int x, String anchor, String name) {
        svg.append(ComparisonPage.text(
                "<text x=\"%d\" y=\"12\" text-anchor=\"%s\" font-size=\"12\" font-weight=\"600\" fill=\"#5a6575\">%s</text>\n",
                x, anchor, ComparisonPage.escaped(shortened(name))));
    }

    private static void band(StringBuilder svg, double from, double to, double width, String colour, String title) {
        int start = LEFT + BAR;
        int middle = (start + RIGHT) / 2;
        svg.append(ComparisonPage.text(
                "<path d=\"M%d %.1fC%d %.1f %d %.1f %d %.1fV%.1fC%d %.1f %d %.1f %d %.1fZ\" fill=\"%s\" fill-opacity=\"0.42\">"
                        + "<title>%s</title></path>\n",
                start,
                from,
                middle,
                from,
                middle,
                to,
                RIGHT,
                to,
                to + width,
                middle,
                to + width,
                middle,
                from + width,
                start,
                from + width,
                colour,
                ComparisonPage.escaped(title)));
    }

    private static void bars(
            StringBuilder svg, List<Group> groups, double[] tops, double scale, int x, boolean isLeft) {
        double free = 0;
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            double size = group.customers() * scale;
            svg.append(ComparisonPage.text(
                    "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"%s\"/>\n",
                    x, tops[i], BAR, Math.max(1, size), isLeft ? colour(groups, i) : "#4b5563"));
            double at = Math.max(tops[i] + size / 2 + 4, free);
            free = at + LABEL;
            svg.append(ComparisonPage.text(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"12\" fill=\"#1b2330\">%s <tspan fill=\"#5a6575\">%s</tspan></text>\n",
                    isLeft ? x - 8 : x + BAR + 8,
                    at,
                    isLeft ? "end" : "start",
                    ComparisonPage.escaped(shortened(group.name())),
                    ComparisonFindings.count(group.customers())));
        }
    }

    /** The upper edges of the bars, one below the other and the whole in the middle of the drawing. */
    private static double[] tops(List<Group> groups, double scale, double height) {
        double all = groups.stream().mapToLong(Group::customers).sum() * scale + GAP * (groups.size() - 1);
        double[] tops = new double[groups.size()];
        double top = 24 + (height - all) / 2;
        for (int i = 0; i < tops.length; i++) {
            tops[i] = top;
            top += groups.get(i).customers() * scale + GAP;
        }
        return tops;
    }

    private static String colour(List<Group> groups, int i) {
        return groups.get(i).noise() ? NOISE : COLOURS.get(i % COLOURS.size());
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private static int index(List<Group> groups, String segment) {
        return IntStream.range(0, groups.size())
                .filter(i -> groups.get(i).segment().equals(segment))
                .findFirst()
                .orElseThrow();
    }

    private static List<Group> present(Comparison.Side side) {
        return side.segments().stream().filter(group -> group.customers() > 0).toList();
    }
}
