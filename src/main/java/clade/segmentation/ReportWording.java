package clade.segmentation;

import clade.datasets.Dataset;
import clade.segmentation.report.Figures;
import clade.segmentation.report.Priorities;
import clade.segmentation.report.Report;
import clade.transactions.Returns;
import java.time.Instant;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sentences of a report. Each figure in them is one of the report's own. */
final class ReportWording {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);

    /** A segment of fewer customers is an example rather than a group. */
    private static final long FEW = 30;

    private static final Map<String, String> LABELS = Map.of(
            "recency", "Last purchase",
            "frequency", "Orders",
            "monetary", "Spent",
            "tenure", "Customer since",
            "averageOrderValue", "Average order",
            "meanGap", "Usual gap",
            "lastGap", "Last gap",
            "distinctProducts", "Products",
            "returnRate", "Return rate");

    /** Of features with a period, which follows them in words. */
    private static final Map<String, String> LABELS_WITH_PERIOD = Map.of(
            "ordersIn", "Orders in",
            "monetaryIn", "Spent in",
            "ordersTrend", "Trend,",
            "decayedFrequency", "Decayed orders",
            "decayedMonetary", "Decayed spend",
            "recencyDecay", "Recency decay");

    private final Dataset dataset;
    private final Report.Data data;
    private final SegmentRepository.SegmentList list;
    private final Run run;
    private final Definition definition;

    ReportWording(
            Dataset dataset, Report.Data data, SegmentRepository.SegmentList list, Run run, Definition definition) {
        this.dataset = dataset;
        this.data = data;
        this.list = list;
        this.run = run;
        this.definition = definition;
    }

    /** What people call a feature. */
    static String label(String feature) {
        String known = LABELS.get(feature);
        if (known != null) {
            return known;
        }
        int colon = feature.indexOf(':');
        String dated = colon < 0 ? null : LABELS_WITH_PERIOD.get(feature.substring(0, colon));
        if (dated != null) {
            return dated + " " + Figures.period(Period.parse(feature.substring(colon + 1)));
        }
        String bare = feature.startsWith("attribute:") ? feature.substring("attribute:".length()) : feature;
        String apart = feature.equals(bare)
                ? bare.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT)
                : bare;
        return apart.substring(0, 1).toUpperCase(Locale.ROOT) + apart.substring(1);
    }

    /** Days or the currency; null where a feature has neither. */
    static @Nullable String unit(String feature, @Nullable String currency) {
        return switch (feature) {
            case "recency" -> "days ago";
            case "tenure", "meanGap", "lastGap" -> "days";
            case "monetary", "averageOrderValue" -> currency;
            default -> feature.startsWith("monetaryIn:") || feature.startsWith("decayedMonetary:") ? currency : null;
        };
    }

    List<String> summary(Priorities priorities, Optional<Validation> validation) {
        List<String> sentences = new ArrayList<>();
        List<Segment> present =
                list.segments().stream().filter(segment -> segment.size() > 0).toList();
        present.stream()
                .filter(segment -> segment.revenueShare() != null)
                .max(Comparator.comparing(segment -> Objects.requireNonNull(segment.revenueShare())))
                .ifPresent(first -> sentences.add(
                        "“%s” is %s of the customers and brings %s of the revenue, the most of all segments."
                                .formatted(
                                        first.name(),
                                        Figures.percent(Objects.requireNonNull(first.share())),
                                        Figures.percent(Objects.requireNonNull(first.revenueShare())))));
        present.stream()
                .max(Comparator.comparing(Segment::size))
                .ifPresent(largest -> sentences.add("The largest segment is “%s” with %s (%s)%s."
                        .formatted(
                                largest.name(),
                                Figures.customers(largest.size()),
                                Figures.percent(Objects.requireNonNull(largest.share())),
                                largest.revenueShare() == null
                                        ? ""
                                        : " and %s of the revenue"
                                                .formatted(Figures.percent(largest.revenueShare())))));
        Map<String, Priorities.Entry> board =
                priorities.board().stream().collect(Collectors.toMap(Priorities.Entry::segment, entry -> entry));
        if (!priorities.startWith().isEmpty()) {
            sentences.add("Start with %s."
                    .formatted(priorities.startWith().stream()
                            .map(key -> "“%s”"
                                    .formatted(Objects.requireNonNull(board.get(key))
                                            .name()))
                            .collect(Collectors.joining(", "))));
        }
        priorities.board().stream()
                .filter(entry ->
                        entry.waiting().cost() != null && entry.waiting().cost() > 0)
                .max(Comparator.comparing(
                        entry -> Objects.requireNonNull(entry.waiting().cost())))
                .ifPresent(entry -> sentences.add("Revenue fell most in “%s”: %s from %s to %s."
                        .formatted(
                                entry.name(),
                                "validation".equals(entry.waiting().basis())
                                        ? "those who were in it went"
                                        : "that of its present members went",
                                Figures.money(
                                        Objects.requireNonNull(entry.waiting().revenueBefore()), dataset.currency()),
                                Figures.money(
                                        Objects.requireNonNull(entry.waiting().revenueSince()), dataset.currency()))));
        validation.ifPresent(found ->
                sentences.add(Objects.requireNonNull(found.held()).findings().get(0)));
        return sentences;
    }

    List<String> done() {
        List<String> sentences = new ArrayList<>();
        if (data.firstTransactionAt() != null && data.lastTransactionAt() != null) {
            sentences.add("Data: %s transactions from %s to %s%s."
                    .formatted(
                            Figures.count(data.transactions()),
                            day(data.firstTransactionAt()),
                            day(data.lastTransactionAt()),
                            data.dataCutoff() == null
                                    ? ""
                                    : "; the newest upload that counts was merged on " + day(data.dataCutoff())));
        }
        sentences.add("Customers: %s%s%s%s."
                .formatted(
                        Figures.count(Objects.requireNonNullElse(run.customers(), list.customers())),
                        list.asOf() == null
                                ? ""
                                : ", as of %s (time zone %s)".formatted(day(list.asOf()), data.timeZone()),
                        data.withoutPurchase() == null
                                ? ""
                                : definition.window() == null
                                        ? ", over all that came before"
                                        : ", over the %s before".formatted(Figures.period(definition.window())),
                        data.withoutPurchase() == null || data.withoutPurchase() == 0
                                ? ""
                                : "; %s without a purchase there were left out"
                                        .formatted(Figures.count(data.withoutPurchase()))));
        sentences.add("Features: %s%s."
                .formatted(
                        String.join(", ", definitionFeatures()),
                        data.withoutPurchase() == null
                                ? ""
                                : "; frequency counts %s, and returns %s"
                                        .formatted(
                                                definition.frequency().name().toLowerCase(Locale.ROOT),
                                                definition.returns() == Returns.NET
                                                        ? "are taken off what was spent"
                                                        : "are ignored")));
        sentences.add(method());
        return sentences;
    }

    private List<String> definitionFeatures() {
        List<String> names = new ArrayList<>();
        JsonNode features = definition.toJson().get("features");
        if (features != null) {
            features.forEach(feature -> names.add(feature.asString()));
        }
        return names;
    }

    private String method() {
        JsonNode settings = definition.method().toJson();
        return switch (definition.method().name()) {
            case "rfm" ->
                "Method: each customer is scored 1 to %s on recency, frequency and monetary value, %s best, and the map %s gives the scores their segment."
                        .formatted(
                                settings.path("scores").asString(),
                                settings.path("scores").asString(),
                                settings.path("map").asString());
            case "rules" -> "Method: rules, of which the first that fits a customer decides.";
            default ->
                "Method: %s on the prepared features, seed %d; segments are named by what sets them apart."
                        .formatted(definition.method().name(), definition.seed());
        };
    }

    /** {@code shown} is the run as the API shows it. */
    List<String> caveats(JsonNode shown, Optional<Validation> validation) {
        List<String> sentences = new ArrayList<>();
        shown.path("trust").path("reasons").forEach(reason -> sentences.add(reason.asString()));
        JsonNode warnings = JsonMapper.shared().readTree(run.warnings());
        warnings.forEach(warning -> sentences.add(warning.asString()));
        list.segments().stream()
                .filter(segment -> segment.noise() && segment.size() > 0)
                .forEach(noise -> sentences.add("%s (%s) are in no cluster: “%s” is not one kind of customer."
                        .formatted(
                                Figures.customers(noise.size()),
                                Figures.percent(Objects.requireNonNull(noise.share())),
                                noise.name())));
        List<String> small = list.segments().stream()
                .filter(segment -> segment.size() > 0 && segment.size() < FEW)
                .map(segment -> "“%s” (%d)".formatted(segment.name(), segment.size()))
                .toList();
        if (!small.isEmpty()) {
            sentences.add("Fewer than %d customers, so read their figures as examples: %s."
                    .formatted(FEW, String.join(", ", small)));
        }
        if (validation.isEmpty()) {
            sentences.add("Whether the segments hold for the future was not looked at: a validation tells.");
        } else {
            sentences.addAll(Objects.requireNonNull(validation.get().held()).warnings());
        }
        if (list.asOf() != null) {
            sentences.add(
                    run.live()
                            ? "Sizes and revenue follow what was uploaded since; profiles are those of %s."
                                    .formatted(day(list.asOf()))
                            : "The members are those of %s; what happened since is not in it."
                                    .formatted(day(list.asOf())));
        }
        sentences.add("The segments describe what customers did; they do not say why, nor what a campaign will change. "
                + "A group left without the action shows that.");
        return sentences;
    }

    private String day(Instant instant) {
        return DAY.format(instant.atZone(dataset.timeZone()));
    }
}
