package clade.segmentation.report;

import static clade.segmentation.report.Figures.text;
import static clade.segmentation.report.HtmlPage.escaped;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Draws the board: value upwards, ease to the right, each segment as the number of its row. */
final class BoardChart {

    private static final int WIDTH = 330;
    private static final int HEIGHT = 250;
    private static final int LEFT = 24;
    private static final int TOP = 20;
    private static final int SIDE_X = WIDTH - LEFT - 8;
    private static final int SIDE_Y = HEIGHT - TOP - 24;
    private static final double RADIUS = 9;

    private BoardChart() {}

    static String svg(List<Priorities.Entry> board) {
        List<Priorities.Entry> placed =
                board.stream().filter(entry -> entry.quadrant() != null).toList();
        if (placed.isEmpty()) {
            return "";
        }
        StringBuilder svg = new StringBuilder(text(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Value against ease. %s\">",
                WIDTH,
                HEIGHT,
                escaped(placed.stream()
                        .map(entry -> "%d %s: value %s, ease %s"
                                .formatted(
                                        board.indexOf(entry) + 1,
                                        entry.name(),
                                        score(entry.scores().value()),
                                        score(entry.scores().ease())))
                        .collect(Collectors.joining("; ")))));
        double middleX = LEFT + SIDE_X / 2.0;
        double middleY = TOP + SIDE_Y / 2.0;
        svg.append(text(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%.1f\" fill=\"#eef2f6\"/>",
                middleX, TOP, SIDE_X / 2.0, SIDE_Y / 2.0));
        svg.append(text(
                "<path d=\"M%d %dH%dV%dH%dZM%.1f %dV%dM%d %.1fH%d\" fill=\"none\" stroke=\"#8a93a0\"/>",
                LEFT,
                TOP,
                LEFT + SIDE_X,
                TOP + SIDE_Y,
                LEFT,
                middleX,
                TOP,
                TOP + SIDE_Y,
                LEFT,
                middleY,
                LEFT + SIDE_X));
        // outside, for within them segments may lie
        corner(svg, LEFT, TOP - 6, "start", "Worth the effort");
        corner(svg, LEFT + SIDE_X, TOP - 6, "end", "Start here");
        corner(svg, LEFT, HEIGHT - 8, "start", "Later");
        corner(svg, LEFT + SIDE_X, HEIGHT - 8, "end", "Automate");
        svg.append(text(
                "<text x=\"%.1f\" y=\"%d\" font-size=\"11\" text-anchor=\"middle\" fill=\"#1b2330\">easier to reach, cheaper →</text>",
                middleX, HEIGHT - 8));
        svg.append(text(
                "<text transform=\"translate(15 %.1f) rotate(-90)\" font-size=\"11\" text-anchor=\"middle\" fill=\"#1b2330\">larger, more revenue →</text>",
                middleY));
        double[][] points = apart(placed);
        for (int i = 0; i < points.length; i++) {
            svg.append(text(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\" fill=\"#123a5e\" stroke=\"#fff\"/>"
                            + "<text x=\"%.1f\" y=\"%.1f\" font-size=\"10.5\" font-weight=\"600\" text-anchor=\"middle\" fill=\"#fff\">%d</text>",
                    points[i][0],
                    points[i][1],
                    RADIUS,
                    points[i][0],
                    points[i][1] + 3.7,
                    board.indexOf(placed.get(i)) + 1));
        }
        return svg.append("</svg>").toString();
    }

    private static void corner(StringBuilder svg, int x, int y, String anchor, String words) {
        svg.append(text(
                "<text x=\"%d\" y=\"%d\" font-size=\"11\" font-style=\"italic\" text-anchor=\"%s\" fill=\"#5a6575\">%s</text>",
                x, y, anchor, words));
    }

    /** Where the points lie, those that would cover each other moved apart a little. */
    private static double[][] apart(List<Priorities.Entry> placed) {
        double[][] points = new double[placed.size()][];
        for (int i = 0; i < points.length; i++) {
            Double ease = placed.get(i).scores().ease();
            Double value = placed.get(i).scores().value();
            points[i] = new double[] {
                LEFT + SIDE_X * (ease == null ? 0 : ease), TOP + SIDE_Y * (1 - (value == null ? 0 : value))
            };
        }
        for (int pass = 0; pass < 60; pass++) {
            for (int i = 0; i < points.length; i++) {
                for (int j = i + 1; j < points.length; j++) {
                    push(points[i], points[j], i + j);
                }
                points[i][0] = within(points[i][0], LEFT + RADIUS, LEFT + SIDE_X - RADIUS);
                points[i][1] = within(points[i][1], TOP + RADIUS, TOP + SIDE_Y - RADIUS);
            }
        }
        return points;
    }

    private static double within(double value, double least, double most) {
        return Math.max(least, Math.min(most, value));
    }

    private static void push(double[] one, double[] other, int direction) {
        double x = other[0] - one[0];
        double y = other[1] - one[1];
        double distance = Math.hypot(x, y);
        double missing = 2 * RADIUS + 1 - distance;
        if (missing > 0) {
            double unitX = distance == 0 ? Math.cos(direction) : x / distance;
            double unitY = distance == 0 ? Math.sin(direction) : y / distance;
            one[0] -= unitX * missing / 2;
            one[1] -= unitY * missing / 2;
            other[0] += unitX * missing / 2;
            other[1] += unitY * missing / 2;
        }
    }

    static String score(@Nullable Double score) {
        return score == null ? "–" : Figures.score(score);
    }
}
