package clade.segmentation;

import clade.database.Times;
import clade.datasets.Dataset;
import clade.segmentation.report.Figures;
import clade.segmentation.report.Priorities;
import clade.segmentation.report.Report;
import clade.statistics.DecimalSum;
import clade.statistics.ParetoShare;
import clade.statistics.Quantiles;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Puts together what a client gets of a segmentation. */
@Service
class Reports {

    private static final Period PERIOD = Period.ofDays(90);
    private static final TypeReference<LinkedHashMap<String, @Nullable Double>> MEASURES = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final SegmentRepository segments;
    private final RunRepository runs;
    private final CurrentMembers members;
    private final PriorityBoard board;
    private final PriorityWeights weights;
    private final ValidationRepository validations;
    private final JsonMapper json;

    Reports(
            JdbcClient jdbc,
            SegmentRepository segments,
            RunRepository runs,
            CurrentMembers members,
            PriorityBoard board,
            PriorityWeights weights,
            ValidationRepository validations,
            JsonMapper json) {
        this.jdbc = jdbc;
        this.segments = segments;
        this.runs = runs;
        this.members = members;
        this.board = board;
        this.weights = weights;
        this.validations = validations;
        this.json = json;
    }

    /** Of the current run as it is now; 409 before the first. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Report of(Segmentations.Stored segmentation) {
        SegmentRepository.SegmentList list = segments.list(segmentation, null);
        PublishedRuns.PublishedRun published = segments.published(segmentation, null);
        Run run = runs.get(published.id());
        Definition definition = Definition.stored(run.definition());
        CurrentMembers.Table table = members.read(
                segmentation.id(),
                published,
                list.segments().stream().map(Segment::key).toList());
        Priorities priorities = board.of(
                segmentation,
                list,
                published,
                table,
                PERIOD,
                weights.get(segmentation.dataset().id()).weights());
        Optional<Validation> validation = validations.newest(segmentation.id(), definition);
        Report.Data data = data(segmentation.dataset(), list, run, table);
        ReportWording wording = new ReportWording(segmentation.dataset(), data, list, run, definition);
        return new Report(
                definition.name(),
                segmentation.key(),
                list.run(),
                list.version(),
                list.asOf(),
                data,
                wording.summary(priorities, validation),
                wording.done(),
                features(table, segmentation.dataset().currency()),
                list.segments().stream().map(Reports::group).toList(),
                priorities,
                validation
                        .map(found -> new Report.Hindsight(
                                found.id(),
                                Objects.requireNonNull(found.asOf()),
                                Objects.requireNonNull(found.until()),
                                Objects.requireNonNull(found.held()).findings()))
                        .orElse(null),
                wording.caveats(json.valueToTree(run), validation),
                new Report.Method(
                        definition.method().name(),
                        run.chosen(),
                        run.quality() == null ? Map.of() : measures(run.quality()),
                        run.definition()));
    }

    private Map<String, Double> measures(String quality) {
        Map<String, Double> known = new LinkedHashMap<>();
        json.readValue(quality, MEASURES).forEach((name, value) -> {
            if (value != null) {
                known.put(name, value);
            }
        });
        return known;
    }

    private record Counted(
            long transactions,
            @Nullable Instant first,
            @Nullable Instant last) {}

    private Report.Data data(Dataset dataset, SegmentRepository.SegmentList list, Run run, CurrentMembers.Table table) {
        Counted counted = jdbc.sql("""
                select transactions, first_transaction_at, last_transaction_at from dataset_counters where dataset_id = :dataset""")
                .param("dataset", dataset.id())
                .query((row, number) -> new Counted(
                        row.getLong("transactions"),
                        Times.find(row, "first_transaction_at"),
                        Times.find(row, "last_transaction_at")))
                .optional()
                .orElse(new Counted(0, null, null));
        List<Segment> known = list.segments().stream()
                .filter(segment -> segment.revenue() != null)
                .toList();
        double[] monetary = table.values().get("monetary");
        return new Report.Data(
                dataset.key(),
                dataset.name(),
                dataset.currency(),
                dataset.timeZone().getId(),
                list.customers(),
                run.withoutPurchase(),
                counted.transactions(),
                counted.first(),
                counted.last(),
                run.dataCutoff(),
                known.isEmpty()
                        ? null
                        : Double.valueOf(DecimalSum.of(known.stream()
                                .mapToDouble(segment -> Objects.requireNonNull(segment.revenue()))
                                .toArray())),
                monetary == null || monetary.length == 0 ? null : ParetoShare.of(monetary));
    }

    private static List<Report.Feature> features(CurrentMembers.Table table, @Nullable String currency) {
        List<Report.Feature> features = new ArrayList<>();
        table.values().forEach((name, values) -> {
            double[] known = Arrays.stream(values)
                    .filter(value -> !Double.isNaN(value))
                    .sorted()
                    .toArray();
            if (known.length > 0) {
                features.add(new Report.Feature(
                        name,
                        ReportWording.label(name),
                        ReportWording.unit(name, currency),
                        Quantiles.at(known, 1, 10),
                        Quantiles.at(known, 1, 2),
                        Quantiles.at(known, 9, 10)));
            }
        });
        return features;
    }

    private static Report.Group group(Segment segment) {
        Map<String, Report.@Nullable Spread> features = new LinkedHashMap<>();
        segment.features()
                .forEach((name, summary) -> features.put(
                        name,
                        summary == null ? null : new Report.Spread(summary.p10(), summary.median(), summary.p90())));
        Segment.Persona persona = segment.persona();
        Segment.Action action = segment.action();
        return new Report.Group(
                segment.key(),
                segment.name(),
                segment.noise(),
                segment.size(),
                segment.share(),
                segment.revenue(),
                segment.revenueShare(),
                segment.description(),
                persona == null ? null : "%s are %s".formatted(Figures.percent(persona.share()), persona.segment()),
                features,
                action == null
                        ? null
                        : new Report.Action(
                                action.title(),
                                action.goal(),
                                action.channel(),
                                action.offer(),
                                action.avoid(),
                                action.steps()));
    }
}
