package clade.segmentation;

import clade.transactions.CustomerOrders;
import clade.web.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Explains one customer's place in a segmentation by the model of its current run. */
@Service
class CustomerExplanations {

    /** Days for which today's thresholds may be said to be today's. */
    static final int MOST_DAYS = 90;

    private final JdbcClient jdbc;
    private final SegmentRepository segments;
    private final LiveRuns models;
    private final CustomerOrders orders;

    CustomerExplanations(JdbcClient jdbc, SegmentRepository segments, LiveRuns models, CustomerOrders orders) {
        this.jdbc = jdbc;
        this.segments = segments;
        this.models = models;
        this.orders = orders;
    }

    @SuppressWarnings("ArrayRecordComponent") // read and used in one place
    private record Membership(
            long customer,
            String segment,
            double[] facts,
            @Nullable String reason) {}

    /** The explanation; 404 for a customer that is not there or in no segment, 409 before the first run. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    CustomerExplanation explain(Segmentations.Stored segmentation, String customerId) {
        PublishedRuns.PublishedRun run = segments.published(segmentation, null);
        Membership membership = membership(segmentation, customerId);
        LiveRuns.LiveRun learned = models.get(run.id());
        Map<String, Segment> known = new LinkedHashMap<>();
        segments.stored(run.id(), true).forEach(segment -> known.put(segment.key(), segment));
        Segment own = Objects.requireNonNull(known.get(membership.segment()));
        double[] values = run.values(membership.facts());
        Place place = new Place(learned, run);

        Map<String, Double> distances = learned.model().distances(run.table(values));
        Optional<Map.Entry<String, Double>> nearest = distances.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(own.key()))
                .min(Map.Entry.comparingByValue());
        CustomerExplanation.NextSegment next = nearest.map(entry -> new CustomerExplanation.NextSegment(
                        entry.getKey(),
                        Objects.requireNonNull(known.get(entry.getKey())).name(),
                        entry.getValue()))
                .orElse(null);
        List<CustomerExplanation.Deciding> deciding =
                next == null ? List.of() : deciding(place, values, own, Objects.requireNonNull(known.get(next.key())));
        Counterfactual change = own.noise() && known.size() == 1
                ? Counterfactual.not("There is no segment but noise.")
                : change(learned, run, place, membership, values, List.copyOf(known.values()));
        return new CustomerExplanation(
                customerId,
                segmentation.key(),
                run.number(),
                run.asOf(),
                new CustomerExplanation.SegmentName(own.key(), own.name()),
                membership.reason(),
                run.shown(values),
                learned.model().measure(),
                distances.get(own.key()),
                next,
                deciding,
                sentences(own, next, deciding, membership.reason()),
                change.change(),
                change.notOffered());
    }

    private Membership membership(Segmentations.Stored segmentation, String customerId) {
        long customer = jdbc.sql("select id from customer where dataset_id = :dataset and customer_id = :customer")
                .param("dataset", segmentation.dataset().id())
                .param("customer", customerId)
                .query(Long.class)
                .optional()
                .orElseThrow(() -> Refusal.notFound("customer", customerId));
        return jdbc.sql("""
                select segment, facts, reason from membership_of_customers
                where segmentation_id = :segmentation and customer_id = :customer and until_run is null""")
                .param("segmentation", segmentation.id())
                .param("customer", customer)
                .query((row, number) -> new Membership(
                        customer, row.getString("segment"), Members.doubles(row, "facts"), row.getString("reason")))
                .optional()
                .orElseThrow(() -> Refusal.of(
                        HttpStatus.NOT_FOUND,
                        "in-no-segment",
                        "The customer %s is in no segment of %s: its current run left it out"
                                .formatted(customerId, segmentation.key())));
    }

    /** Where the model puts a customer. */
    private record Place(LiveRuns.LiveRun learned, PublishedRuns.PublishedRun run) {

        String of(double[] values) {
            return learned.model().segments(run.table(values), new int[] {0})[0];
        }
    }

    private static List<CustomerExplanation.Deciding> deciding(
            Place place, double[] values, Segment own, Segment next) {
        String today = place.of(values);
        List<CustomerExplanation.Deciding> deciding = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            String feature = place.run().features().get(i).apiName();
            Double here = median(own, feature);
            Double there = median(next, feature);
            boolean decides = false;
            if (there != null) {
                double[] other = values.clone();
                other[i] = there;
                decides = !place.of(other).equals(today);
            }
            deciding.add(new CustomerExplanation.Deciding(feature, values[i], here, there, decides));
        }
        deciding.sort(Comparator.comparing((CustomerExplanation.Deciding one) -> !one.decides())
                .thenComparing(Comparator.comparingDouble(CustomerExplanations::nearerHere)
                        .reversed()));
        return deciding;
    }

    private static @Nullable Double median(Segment segment, String feature) {
        Segment.Summary summary = segment.features().get(feature);
        return summary == null ? null : summary.median();
    }

    /** 1 for a value at or beyond what is typical here, −1 for one there, 0 half-way or where both are alike. */
    private static double nearerHere(CustomerExplanation.Deciding one) {
        if (one.here() == null || one.there() == null || one.here().doubleValue() == one.there()) {
            return 0;
        }
        return (Math.abs(one.value() - one.there()) - Math.abs(one.value() - one.here()))
                / Math.abs(one.here() - one.there());
    }

    private static List<String> sentences(
            Segment own,
            CustomerExplanation.@Nullable NextSegment next,
            List<CustomerExplanation.Deciding> deciding,
            @Nullable String reason) {
        List<String> sentences = new ArrayList<>();
        if (reason != null) {
            sentences.add("In no cluster (%s).".formatted(reason));
        }
        if (next != null) {
            sentences.add(
                    (own.noise() ? "The nearest segment is %s." : "The next segment is %s.").formatted(next.name()));
            for (CustomerExplanation.Deciding one : deciding) {
                if (one.decides()) {
                    sentences.add("%s is %s, typical of %s is %s: with that the customer would be in another segment."
                            .formatted(
                                    capital(one.feature()),
                                    Wording.plain(one.value()),
                                    next.name(),
                                    Wording.plain(Objects.requireNonNull(one.there()))));
                }
            }
        }
        return sentences;
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** A change, or why there is none. */
    private record Counterfactual(
            CustomerExplanation.@Nullable Change change,
            @Nullable String notOffered) {

        static Counterfactual not(String because) {
            return new Counterfactual(null, because);
        }
    }

    private Counterfactual change(
            LiveRuns.LiveRun learned,
            PublishedRuns.PublishedRun run,
            Place place,
            Membership membership,
            double[] values,
            List<Segment> inOrder) {
        if (learned.definition().lapsedApart() && membership.segment().equals(Lapsed.KEY)) {
            return Counterfactual.not("The customer is outside the window that the model was made of.");
        }
        Method method = learned.definition().method();
        if (method.conditions().stream()
                .map(Placed::condition)
                .anyMatch(asks ->
                        !asks.attributes().isEmpty() || !asks.segmentations().isEmpty())) {
            return Counterfactual.not("Its conditions ask for more than purchases.");
        }
        for (Feature feature :
                Stream.concat(run.features().stream(), method.needed().stream()).toList()) {
            if (!Feature.RFM.contains(feature)
                    || !run.features().contains(feature)
                    || !learned.definition().roles().all().isEmpty()) {
                return Counterfactual.not("What %s would be after an order is not known.".formatted(feature.apiName()));
            }
        }
        Instant asOf = Objects.requireNonNull(run.asOf());
        ZoneId zone = learned.zone();
        List<CustomerOrders.Line> lines = orders.lines(membership.customer()).stream()
                .filter(line -> run.live() || line.at().isBefore(asOf))
                .toList();
        PurchaseFigures figures = new PurchaseFigures(lines, zone, learned.definition());
        double[] now = figures.at(asOf);
        if (now == null || !Arrays.equals(ordered(now, run.features()), values)) {
            return Counterfactual.not("The customer's purchases have changed since the run.");
        }
        BigDecimal value = figures.medianOrder(asOf).orElseThrow();
        String first = null;
        int days = 0;
        for (int t = 0; t <= MOST_DAYS; t++) {
            double[] then = figures.withOrder(asOf.atZone(zone).plusDays(t).toInstant(), value);
            String segment = place.of(ordered(then, run.features()));
            if (first == null) {
                first = segment;
            } else if (!segment.equals(first)) {
                break;
            }
            days = t;
        }
        String target = Objects.requireNonNull(first);
        int from = position(inOrder, membership.segment());
        int to = position(inOrder, target);
        String shownValue = value.setScale(2, RoundingMode.HALF_UP).toPlainString();
        if (to == from) {
            return Counterfactual.not(
                    "One order of %s, the customer's median, would count as the same segment.".formatted(shownValue));
        }
        if (to > from || inOrder.get(to).noise()) {
            return Counterfactual.not("One order of %s, the customer's median, would not count as a better segment."
                    .formatted(shownValue));
        }
        String name = inOrder.get(to).name();
        return new Counterfactual(
                new CustomerExplanation.Change(
                        value.doubleValue(),
                        days,
                        target,
                        name,
                        "One order of %s %s would, by today's thresholds, count as %s."
                                .formatted(shownValue, days == 0 ? "at once" : "within %d days".formatted(days), name)),
                null);
    }

    private static double[] ordered(double[] recencyFrequencyMonetary, List<Feature> features) {
        return features.stream()
                .mapToDouble(feature -> recencyFrequencyMonetary[Feature.RFM.indexOf(feature)])
                .toArray();
    }

    private static int position(List<Segment> inOrder, String key) {
        for (int i = 0; i < inOrder.size(); i++) {
            if (inOrder.get(i).key().equals(key)) {
                return i;
            }
        }
        return inOrder.size();
    }
}
