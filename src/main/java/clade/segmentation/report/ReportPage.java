package clade.segmentation.report;

import static clade.segmentation.report.Figures.text;
import static clade.segmentation.report.HtmlPage.escaped;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A report as a page for clients, on one or two sheets of A4 where there are up to ten segments. */
public final class ReportPage {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);

    private static final Map<String, String> QUADRANTS = Map.of(
            "start-here", "Start here",
            "worth-the-effort", "Worth the effort",
            "automate", "Automate",
            "later", "Later");

    private static final String STYLE = """
            *{box-sizing:border-box}th.name,.segments th{text-align:left}
            .segments{table-layout:fixed}.segments td{text-align:left;padding:.45rem .5rem;overflow-wrap:anywhere}.segments .who{width:23%}.segments .chart{width:33%}
            .who b{display:block;font-size:.95rem;line-height:1.25}.who b.long{font-size:.78rem}.who span,.small{color:#5a6575;font-size:.82rem}
            .do b{display:block}.do p{margin:.1rem 0;font-size:.82rem;line-height:1.32}.do i{color:#5a6575;font-style:normal}
            .key{display:inline-block;width:2.6rem;height:.8rem;vertical-align:-.1rem}
            .board{display:grid;grid-template-columns:19rem 1fr;gap:1.2rem;align-items:start}.board table{font-size:.8rem}.board td,.board th{padding:.2rem .35rem}.board td.name:first-child{overflow-wrap:anywhere;min-width:7rem}.board td:last-child{white-space:nowrap}
            .first{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.75rem;margin:.8rem 0 0;padding:0;list-style:none}
            .first li{overflow-wrap:anywhere;border:1px solid #b8c2ce;border-left:4px solid #123a5e;border-radius:4px;padding:.5rem .7rem;font-size:.82rem;line-height:1.35}.first b{display:block;font-size:.92rem}
            pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.72rem;line-height:1.3;background:#f4f6f8;padding:.5rem .6rem;margin:.4rem 0;border-radius:4px}
            .two{columns:2;column-gap:1.6rem}.two li{break-inside:avoid}
            @media screen{body{max-width:64rem}}
            @media screen and (max-width:48rem){.board{grid-template-columns:minmax(0,1fr)}.board svg{max-width:26rem}.board div{overflow-x:auto}.two{columns:1}.segments,.segments tbody{display:block}.segments tr,.segments td,.segments caption{display:block;width:auto}.segments .who,.segments .chart{width:auto}.segments tr{padding:.6rem 0;border-bottom:1px solid #b8c2ce}.segments td{border:0;padding:.2rem 0}.segments thead{display:none}.who svg{max-width:13rem}.chart svg{max-width:24rem}.who svg,.chart svg{display:block}}
            @page{margin:11mm 12mm}
            @media print{:root{font-size:10px}body{font-size:.95rem;line-height:1.32}h1{font-size:1.8rem}h2{font-size:1.25rem;margin:.8rem 0 .25rem}.lead{margin-bottom:.5rem}.figures li{padding:.3rem .6rem}.figures b{font-size:1.4rem}.figures span{font-size:.9rem}
            .findings{margin:.2rem 0}.findings li{margin:.12rem 0}table.segments{break-inside:auto;font-size:.9rem}.segments tr,.board,.first li,.method{break-inside:avoid}.segments td{padding:.28rem .4rem .2rem}
            .do p,.who span,.small{font-size:.85rem;line-height:1.22}.do p{margin:0}.board{grid-template-columns:21rem 1fr}.board td,.board th{padding:.12rem .35rem}.first{margin-top:.4rem}.first li{padding:.3rem .5rem}pre{font-size:.72rem;padding:.3rem .4rem}}
            """;

    /** Characters of a name about where to begin; it stands whole beside its profile, in smaller letters if it is longer. */
    private static final int LONGEST_NAME = 60;

    private final Report report;
    private final ZoneId zone;
    private final StringBuilder page = new StringBuilder();

    private ReportPage(Report report) {
        this.report = report;
        this.zone = ZoneId.of(report.data().timeZone());
    }

    public static HtmlPage of(Report report) {
        return new ReportPage(report).whole();
    }

    private HtmlPage whole() {
        page.append(text(
                "<h1>%s</h1>\n<p class=\"lead\">%s%s · %s segments by %s</p>\n",
                escaped(report.title()),
                escaped(report.data().name()),
                report.asOf() == null ? "" : " · customers as of " + day(report.asOf()),
                Figures.count(present().size()),
                escaped(report.method().name())));
        figures();
        page.append("<h2>In short</h2>\n");
        sentences("findings", report.summary());
        page.append("<h2>The segments, and what to do about them</h2>\n");
        segments();
        page.append("<h2>Where to begin</h2>\n");
        board();
        if (report.validation() != null) {
            page.append(text(
                    "<h2>Did it hold?</h2>\n<p class=\"small\">The same definition as of %s, and what its customers did until %s.</p>\n",
                    day(report.validation().asOf()), day(report.validation().until())));
            sentences("findings", report.validation().findings());
        }
        page.append("<h2>What to keep in mind</h2>\n");
        sentences("findings two", report.caveats());
        method();
        return new HtmlPage(report.title(), STYLE, page.toString());
    }

    private List<Report.Group> present() {
        return report.segments().stream().filter(group -> group.size() > 0).toList();
    }

    private void figures() {
        Report.Data data = report.data();
        page.append("<ul class=\"figures\">\n");
        figure(Figures.count(data.customers()), "customers in segments");
        if (data.revenue() != null) {
            figure(
                    Figures.money(data.revenue(), null),
                    "revenue" + (data.currency() == null ? "" : ", " + data.currency()));
            if (data.customers() > 0) {
                figure(
                        Figures.money(data.revenue() / data.customers(), null),
                        "a customer" + (data.currency() == null ? "" : ", " + data.currency()));
            }
        }
        if (data.paretoShare() != null) {
            figure(Figures.percent(data.paretoShare()), "of customers bring 80 % of it");
        }
        page.append("</ul>\n");
    }

    private void figure(String value, String what) {
        page.append(text("<li><b>%s</b><span>%s</span></li>\n", spaced(value), spaced(escaped(what))));
    }

    private void sentences(String style, List<String> sentences) {
        page.append(text("<ul class=\"%s\">\n", style));
        sentences.forEach(sentence -> page.append(text("<li>%s</li>\n", spaced(escaped(sentence)))));
        page.append("</ul>\n");
    }

    private void segments() {
        ProfileChart chart = new ProfileChart(report);
        page.append("<table class=\"segments\"><caption>").append(legend()).append("</caption>\n<thead><tr>");
        page.append("<th scope=\"col\" class=\"who\">Segment</th><th scope=\"col\" class=\"name chart\">Profile</th>");
        page.append("<th scope=\"col\" class=\"name\">What to do</th></tr></thead>\n<tbody>\n");
        for (Report.Group group : present()) {
            page.append(text(
                    "<tr><td class=\"who\"><b%s>%s</b>%s</td><td class=\"chart\">%s</td><td class=\"do\">",
                    group.name().length() > LONGEST_NAME ? " class=\"long\"" : "",
                    escaped(group.name()),
                    spaced(who(group)),
                    chart.svg(group)));
            action(group.action());
            page.append("</td></tr>\n");
        }
        page.append("</tbody></table>\n");
        List<String> empty = report.segments().stream()
                .filter(group -> group.size() == 0)
                .map(Report.Group::name)
                .toList();
        if (!empty.isEmpty()) {
            page.append(text(
                    "<p class=\"small\">Without customers at present: %s.</p>\n", escaped(String.join(", ", empty))));
        }
    }

    private static String legend() {
        return """
                <svg class="key" viewBox="0 0 42 13" role="img" aria-label="Key"><rect width="42" height="13" fill="#e1e6ec"/>\
                <path d="M17 0v13" stroke="#5a6575" stroke-width="1.5"/><path d="M22 6.5H40" stroke="#123a5e" stroke-width="2.5"/>\
                <circle cx="29" cy="6.5" r="4.2" fill="#123a5e" stroke="#fff"/></svg> \
                Dot and figure: the segment's median; bar: eight in ten of its customers. Grey: eight in ten of all customers, the line \
                their median.""";
    }

    private String who(Report.Group group) {
        StringBuilder words = new StringBuilder(bars(group));
        if (group.persona() != null) {
            words.append("<span>").append(escaped(group.persona())).append("</span>");
        }
        return words.toString();
    }

    /** Its parts of the customers, outlined, and of the revenue, filled. */
    private static String bars(Report.Group group) {
        double customers = Objects.requireNonNullElse(group.share(), 0.0);
        StringBuilder svg = new StringBuilder(text(
                "<svg viewBox=\"0 0 186 %d\" role=\"img\" aria-label=\"%s, %s of all%s\">",
                group.revenueShare() == null ? 16 : 34,
                Figures.customers(group.size()),
                Figures.percent(customers),
                group.revenueShare() == null ? "" : ", " + Figures.percent(group.revenueShare()) + " of the revenue"));
        bar(svg, 2, customers, "none", text("%s (%s)", Figures.customers(group.size()), Figures.percent(customers)));
        if (group.revenueShare() != null) {
            bar(svg, 19, group.revenueShare(), "#123a5e", Figures.percent(group.revenueShare()) + " of revenue");
        }
        return svg.append("</svg>").toString();
    }

    private static void bar(StringBuilder svg, int top, double share, String fill, String words) {
        double width = Math.max(1, 44 * Math.min(1, Math.max(0, share)));
        svg.append(text(
                "<rect x=\"0.5\" y=\"%d\" width=\"44\" height=\"11\" fill=\"#eef2f6\"/>"
                        + "<rect x=\"0.5\" y=\"%d\" width=\"%.1f\" height=\"11\" fill=\"%s\" stroke=\"#123a5e\"/>"
                        + "<text x=\"50\" y=\"%d\" font-size=\"10.5\" fill=\"#1b2330\">%s</text>",
                top, top, width, fill, top + 9, words));
    }

    private void action(Report.@Nullable Action action) {
        if (action == null) {
            page.append("<p>No action is given for it yet.</p>");
            return;
        }
        page.append(text("<b>%s</b>", escaped(action.title())));
        line("Goal", action.goal());
        line("Channel", action.channel());
        line("Offer", action.offer());
        line("Avoid", action.avoid());
        if (action.goal() == null && action.offer() == null) {
            line("Steps", String.join("; ", action.steps()));
        }
    }

    private void line(String what, @Nullable String words) {
        if (words != null && !words.isEmpty()) {
            page.append(text("<p><i>%s</i> %s</p>", what, spaced(escaped(words))));
        }
    }

    private void board() {
        List<Priorities.Entry> board = report.priorities().board();
        page.append(text("<div class=\"board\"><div>%s</div>\n<div>", BoardChart.svg(board)));
        page.append("<table class=\"plain\"><thead><tr><th scope=\"col\">Segment</th><th scope=\"col\">Size</th>"
                + "<th scope=\"col\">Revenue</th><th scope=\"col\">Reach</th><th scope=\"col\">Cost</th>"
                + "<th scope=\"col\">Total</th><th scope=\"col\" class=\"name\">Field</th></tr></thead>\n<tbody>\n");
        for (int i = 0; i < board.size(); i++) {
            Priorities.Entry entry = board.get(i);
            Priorities.Scores scores = entry.scores();
            page.append(text(
                    "<tr><td class=\"name\">%d %s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"name\">%s</td></tr>\n",
                    i + 1,
                    escaped(Figures.shortened(entry.name(), LONGEST_NAME)),
                    Figures.score(scores.size()),
                    BoardChart.score(scores.revenue()),
                    BoardChart.score(scores.reach()),
                    BoardChart.score(scores.cost()),
                    Figures.score(scores.total()),
                    entry.quadrant() == null ? "–" : QUADRANTS.get(entry.quadrant())));
        }
        page.append("</tbody></table></div></div>\n<ol class=\"first\">\n");
        for (String key : report.priorities().startWith()) {
            Priorities.Entry entry = board.stream()
                    .filter(candidate -> candidate.segment().equals(key))
                    .findFirst()
                    .orElseThrow();
            page.append(text(
                    "<li><b>%s%s</b>%s</li>\n",
                    escaped(Figures.shortened(entry.name(), LONGEST_NAME)),
                    entry.action() == null ? "" : ": " + escaped(lowered(entry.action())),
                    spaced(escaped(entry.waiting().sentence()))));
        }
        page.append(
                "</ol>\n<p class=\"small\">Scores are between 0 and 1, 0.5 is the middle. Size and revenue: against an average"
                        + " segment's share, as the best evidence of what it can bring. Reach: how many of all customers a member bought more"
                        + " recently than. Cost: low 1, medium 0.5, high 0. Upwards stands the mean of size and revenue, to the right that of"
                        + " reach and cost");
        Weights weights = report.priorities().weights();
        page.append(
                weights.equals(Weights.EVEN)
                        ? ".</p>\n"
                        : text(
                                "; size counts %s times, revenue %s, reach %s, cost %s.</p>\n",
                                Figures.number(weights.size()),
                                Figures.number(weights.revenue()),
                                Figures.number(weights.reach()),
                                Figures.number(weights.cost())));
    }

    private void method() {
        page.append("<div class=\"method\"><h2>How it was made, and how to repeat it</h2>\n");
        sentences("findings", report.done());
        if (!report.method().quality().isEmpty()) {
            page.append("<p class=\"small\">Measures, in prepared units: ");
            page.append(escaped(String.join(
                    ", ",
                    report.method().quality().entrySet().stream()
                            .map(measure -> measure.getKey() + " " + measured(measure.getValue()))
                            .toList())));
            page.append(".</p>\n");
        }
        page.append(text(
                "<p class=\"small\">The definition of run %d of “%s”%s; sent again on the same data, it gives the same segments.</p>\n",
                report.run(),
                escaped(report.segmentation()),
                report.method().chosen() == null
                        ? ""
                        : " (chosen by the data: %s)"
                                .formatted(escaped(report.method().chosen()))));
        page.append(text("<pre>%s</pre></div>\n", escaped(report.method().definition())));
    }

    private static String measured(@Nullable Double value) {
        return value == null ? "–" : Math.abs(value) >= 100 ? Figures.number(value) : text("%.4g", value);
    }

    private static String lowered(String title) {
        return title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1);
    }

    private String day(Instant instant) {
        return DAY.format(instant.atZone(zone));
    }

    /** Numbers stay on one line with their per cent. */
    private static String spaced(String html) {
        return html.replace(" %", "&nbsp;%");
    }
}
