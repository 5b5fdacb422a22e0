package clade.segmentation;

import clade.segmentation.Comparison.Cell;
import clade.segmentation.Comparison.Group;
import clade.segmentation.report.HtmlPage;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison as a page for clients: one file that needs no other, on one or two sheets of A4. */
final class ComparisonPage {

    /** More segments than that make rows and columns too narrow to read; the largest pairs are listed instead. */
    private static final int WIDEST = 10;

    private static final int LARGEST_PAIRS = 30;

    private static final int SHADES = 5;

    private static final String STYLE = """
            .s1{background:#eaf1f8}.s2{background:#cfe0f0}.s3{background:#a9c8e4}.s4{background:#7fabd3}.s5{background:#5b8fc0;color:#fff}
            .two{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem}
            @media(max-width:40rem){.two{grid-template-columns:1fr}}
            """;

    private ComparisonPage() {}

    static HtmlPage of(String dataset, Comparison comparison) {
        StringBuilder page = new StringBuilder();
        String left = comparison.left().name();
        String right = comparison.right().name();
        String title = "%s and %s compared".formatted(left, right);
        page.append("<h1>").append(escaped(title)).append("</h1>\n");
        page.append(text(
                "<p class=\"lead\">Dataset %s · %s (%s, run %d, as of %s) · %s (%s, run %d, as of %s)</p>\n",
                escaped(dataset),
                escaped(left),
                escaped(comparison.left().method()),
                comparison.left().run(),
                comparison.left().asOf(),
                escaped(right),
                escaped(comparison.right().method()),
                comparison.right().run(),
                comparison.right().asOf()));
        figures(page, comparison);
        page.append("<h2>What it means</h2>\n<ul class=\"findings\">\n");
        comparison
                .findings()
                .forEach(sentence -> page.append("<li>")
                        .append(escaped(sentence).replace(" %", "&nbsp;%"))
                        .append("</li>\n"));
        page.append("</ul>\n");
        if (comparison.customers() > 0) {
            page.append("<h2>Who is where</h2>\n");
            flows(page, comparison);
            pairs(page, comparison);
            page.append("<h2>The segments</h2>\n<div class=\"two\">\n");
            groups(page, comparison.left());
            groups(page, comparison.right());
            page.append("</div>\n");
        }
        page.append("""
                <h2>How to read this</h2>
                <p class="note">Everything is counted over the customers that are in both. The adjusted Rand index and the adjusted mutual
                information are 1 where both part the customers alike and about 0 where they agree no more than by chance. A whale group
                holds at most 5 % of the customers, who spend on average at least 3 times the mean; those who spent most are the top 1 %;
                low engagement is the third that last bought longest ago and, at the same time, the third with the lowest frequency.
                Segments are nearly the same from a Jaccard coefficient of 0.8 on. Noise are customers that a density method leaves in no
                cluster. Neither segmentation is wrong for disagreeing: they answer different questions.</p>
                """);
        return new HtmlPage(title, STYLE, page.toString());
    }

    private static void figures(StringBuilder page, Comparison comparison) {
        page.append("<ul class=\"figures\">\n");
        figure(page, ComparisonFindings.count(comparison.customers()), "customers in both");
        if (comparison.revenue() != null) {
            figure(
                    page,
                    text("%,.0f", comparison.revenue()),
                    comparison.currency() == null
                            ? "their revenue"
                            : escaped("their revenue, " + comparison.currency()));
        }
        if (comparison.adjustedRand() != null) {
            figure(page, text("%.3f", comparison.adjustedRand()), "adjusted Rand index");
            figure(page, text("%.3f", comparison.adjustedMutualInformation()), "adjusted mutual information");
        }
        if (comparison.onlyLeft() + comparison.onlyRight() > 0) {
            figure(
                    page,
                    "%s and %s"
                            .formatted(
                                    ComparisonFindings.count(comparison.onlyLeft()),
                                    ComparisonFindings.count(comparison.onlyRight())),
                    "customers in one alone");
        }
        page.append("</ul>\n");
    }

    private static void figure(StringBuilder page, String value, String what) {
        page.append("<li><b>").append(value).append("</b><span>").append(what).append("</span></li>\n");
    }

    private static void flows(StringBuilder page, Comparison comparison) {
        String drawing = ComparisonFlows.svg(comparison);
        if (!drawing.isEmpty()) {
            page.append(drawing);
        }
    }

    private static void pairs(StringBuilder page, Comparison comparison) {
        List<Group> rows = present(comparison.left());
        List<Group> columns = present(comparison.right());
        if (columns.size() > WIDEST) {
            largestPairs(page, comparison);
            return;
        }
        page.append(text(
                "<table><caption>Customers by segment of %s (rows) and of %s (columns); the darker, the larger the part of the "
                        + "row</caption>\n<thead><tr><th scope=\"col\"></th>",
                escaped(comparison.left().name()), escaped(comparison.right().name())));
        columns.forEach(column ->
                page.append("<th scope=\"col\">").append(escaped(column.name())).append("</th>"));
        page.append("</tr></thead>\n<tbody>\n");
        for (Group row : rows) {
            page.append("<tr><th scope=\"row\">").append(escaped(row.name())).append("</th>");
            for (Group column : columns) {
                long customers = comparison.contingency().stream()
                        .filter(cell -> cell.left().equals(row.segment())
                                && cell.right().equals(column.segment()))
                        .mapToLong(Cell::customers)
                        .sum();
                double share = (double) customers / row.customers();
                int shade = (int) Math.ceil(share * SHADES);
                page.append(shade == 0 ? "<td>" : "<td class=\"s%d\">".formatted(shade))
                        .append(customers == 0 ? "" : ComparisonFindings.count(customers))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody></table>\n");
    }

    private static void largestPairs(StringBuilder page, Comparison comparison) {
        page.append(text(
                "<table><caption>The %d largest of %d pairs of segments</caption>\n<thead><tr><th scope=\"col\">%s</th>"
                        + "<th scope=\"col\">%s</th><th scope=\"col\">Customers</th><th scope=\"col\">Revenue</th></tr></thead>\n<tbody>\n",
                Math.min(LARGEST_PAIRS, comparison.contingency().size()),
                comparison.contingency().size(),
                escaped(comparison.left().name()),
                escaped(comparison.right().name())));
        comparison.contingency().stream()
                .sorted(Comparator.comparing((Cell cell) -> -cell.customers()))
                .limit(LARGEST_PAIRS)
                .forEach(cell -> page.append(text(
                        "<tr><td class=\"name\">%s</td><td class=\"name\">%s</td><td>%s</td><td>%s</td></tr>\n",
                        escaped(name(comparison.left(), cell.left())),
                        escaped(name(comparison.right(), cell.right())),
                        ComparisonFindings.count(cell.customers()),
                        money(cell.revenue()))));
        page.append("</tbody></table>\n");
    }

    private static void groups(StringBuilder page, Comparison.Side side) {
        page.append(text(
                "<table><caption>%s</caption>\n<thead><tr><th scope=\"col\">Segment</th><th scope=\"col\">Customers</th>"
                        + "<th scope=\"col\">Revenue</th><th scope=\"col\">Share</th></tr></thead>\n<tbody>\n",
                escaped(side.name())));
        for (Group group : side.segments()) {
            page.append(text(
                    "<tr><td class=\"name\">%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                    escaped(group.name()),
                    ComparisonFindings.count(group.customers()),
                    money(group.revenue()),
                    group.revenueShare() == null
                            ? "–"
                            : ComparisonFindings.percent(group.revenueShare()).replace(" ", "&nbsp;")));
        }
        page.append("</tbody></table>\n");
    }

    private static List<Group> present(Comparison.Side side) {
        return side.segments().stream().filter(group -> group.customers() > 0).toList();
    }

    private static String name(Comparison.Side side, String segment) {
        return side.segments().stream()
                .filter(group -> group.segment().equals(segment))
                .findFirst()
                .orElseThrow()
                .name();
    }

    private static String money(@Nullable Double value) {
        return value == null ? "–" : text("%,.2f", value);
    }

    static String escaped(String text) {
        return HtmlPage.escaped(text);
    }

    static String text(String format, @Nullable Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
