package clade.segmentation;

import clade.segmentation.ComparisonTable.Cell;
import clade.segmentation.ComparisonTable.Limits;
import clade.segmentation.PublishedRuns.PublishedRun;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Counts and lists the customers that two segmentations have in common. */
@Repository
class ComparisonRepository {

    private static final int SLICE = 5_000;
    private static final double TOP = 0.99;
    private static final double LONGEST_AWAY = 2 / 3.0;
    private static final double LEAST_FREQUENT = 1 / 3.0;

    private final JdbcClient jdbc;

    ComparisonRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A side as it is read.
     *
     * @param asPublished whether the members are those that the run published, or those that it has now
     */
    record Side(long segmentation, PublishedRun run, boolean asPublished, List<ComparisonTable.Segment> segments) {

        /** The rows that are this side's, as the rest of a query; {@code name} is that of its parameters. */
        private String members(String name) {
            String run = ":" + name + "Run";
            return asPublished
                    ? """
                    membership_of_runs where segmentation_id = :%1$s and from_run <= %2$s
                      and (until_run is null or until_run > %2$s) and (ending is null or ending > %2$s)""".formatted(name, run)
                    : "membership where segmentation_id = :%s and until_run is null".formatted(name);
        }

        private JdbcClient.StatementSpec with(JdbcClient.StatementSpec statement, String name) {
            JdbcClient.StatementSpec known = statement.param(name, segmentation);
            return asPublished ? known.param(name + "Run", run.number()) : known;
        }

        private int index(String key) {
            for (int i = 0; i < segments.size(); i++) {
                if (segments.get(i).key().equals(key)) {
                    return i;
                }
            }
            throw new IllegalStateException("no segment %s in run %d".formatted(key, run.id()));
        }
    }

    /** A customer of one left and one right segment, with what is stored of its features on either side. */
    @SuppressWarnings("ArrayRecordComponent") // read once and never compared
    record Member(String customer, double[] left, double[] right) {}

    /** Counts all pairs of segments in one pass. */
    ComparisonTable table(Side left, Side right) {
        String sql = """
                with l as (select customer_id, segment, facts from %s),
                     r as (select customer_id, segment, facts from %s),
                     pair as materialized (
                         select l.segment as l, r.segment as r, %s as monetary,
                                greatest(0, floor((cast(:asOf as float8) - %s) / 86400000000)) as recency, %s as frequency
                         from l full join r using (customer_id)),
                     limits as (
                         select percentile_disc(%s) within group (order by monetary) as top,
                                percentile_disc(%s) within group (order by recency) as away,
                                percentile_disc(%s) within group (order by frequency) as seldom
                         from pair where l is not null and r is not null)
                select pair.l, pair.r, count(*) as customers,
                       sum(monetary::text::numeric)::float8 as revenue,
                       count(*) filter (where monetary >= top) as top_spenders,
                       (sum(monetary::text::numeric) filter (where monetary >= top))::float8 as top_revenue,
                       count(*) filter (where recency >= away and frequency <= seldom) as least_engaged,
                       min(top) as top, min(away) as away, min(seldom) as seldom
                from pair cross join limits group by pair.l, pair.r""".formatted(
                        left.members("left"),
                        right.members("right"),
                        fact(left, right, Feature.MONETARY),
                        fact(left, right, Feature.RECENCY),
                        fact(left, right, Feature.FREQUENCY),
                        TOP,
                        LONGEST_AWAY,
                        LEAST_FREQUENT);
        long asOf = left.run().features().contains(Feature.RECENCY)
                ? left.run().localAsOf()
                : right.run().localAsOf();
        List<Cell> cells = new ArrayList<>();
        long[] only = new long[2];
        Limits[] limits = {new Limits(null, null, null)};
        right.with(left.with(jdbc.sql(sql).param("asOf", asOf), "left"), "right")
                .query(row -> {
                    String inLeft = row.getString("l");
                    String inRight = row.getString("r");
                    if (inLeft == null || inRight == null) {
                        only[inLeft == null ? 1 : 0] += row.getLong("customers");
                        return;
                    }
                    limits[0] = new Limits(
                            row.getObject("top", Double.class),
                            row.getObject("away", Double.class),
                            row.getObject("seldom", Double.class));
                    cells.add(new Cell(
                            left.index(inLeft),
                            right.index(inRight),
                            row.getLong("customers"),
                            row.getObject("revenue", Double.class),
                            row.getLong("top_spenders"),
                            row.getObject("top_revenue", Double.class),
                            row.getLong("least_engaged")));
                });
        cells.sort(Comparator.comparingInt(Cell::left).thenComparingInt(Cell::right));
        return new ComparisonTable(left.segments(), right.segments(), cells, only[0], only[1], limits[0]);
    }

    /** What is kept of a feature, on the left if there, else on the right; SQL null if on neither. */
    private static String fact(Side left, Side right, Feature feature) {
        return "coalesce(%s, %s)".formatted(fact("l", left, feature), fact("r", right, feature));
    }

    private static String fact(String alias, Side side, Feature feature) {
        List<Feature> features = side.run().features();
        int index = features.indexOf(feature);
        if (index < 0 && feature.equals(Feature.MONETARY)) {
            index = features.size(); // kept behind the others, of which it is none
        }
        return index < 0 ? "null::float8" : "%s.facts[%d]".formatted(alias, index + 1);
    }

    /** Customers of a left and a right segment behind {@code after}, by customer id, {@code limit} at most. */
    List<Member> members(Side left, String leftSegment, Side right, String rightSegment, String after, int limit) {
        String sql = """
                select l.customer, l.facts as l, r.facts as r
                from (select customer_id, customer, facts from %s and segment = :leftSegment and customer > :after) l
                join (select customer_id, facts from %s and segment = :rightSegment) r using (customer_id)
                order by l.customer limit :limit""".formatted(left.members("left"), right.members("right"));
        return right.with(left.with(jdbc.sql(sql), "left"), "right")
                .param("leftSegment", leftSegment)
                .param("rightSegment", rightSegment)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> member(row))
                .list();
    }

    /** Hands over all customers of a left and a right segment, by customer id, in slices as the client takes them. */
    void each(Side left, String leftSegment, Side right, String rightSegment, Consumer<Member> each) {
        String sql = """
                select l.customer, l.facts as l, r.facts as r
                from (select customer_id, customer, facts from membership where %s and segment = :leftSegment) l
                join (select customer_id, facts from membership where %s and segment = :rightSegment) r using (customer_id)
                order by l.customer""".formatted(left.members("left"), right.members("right"));
        right.with(left.with(jdbc.sql(sql), "left"), "right")
                .param("leftSegment", leftSegment)
                .param("rightSegment", rightSegment)
                .withFetchSize(SLICE)
                .query(row -> {
                    each.accept(member(row));
                });
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getString("customer"), doubles((Double[]) row.getArray("l").getArray()), doubles((Double[])
                        row.getArray("r").getArray()));
    }

    /** Names of the features of members: those of the left run, then those of the right one that the left has not. */
    static List<String> featureNames(Side left, Side right) {
        Set<String> names = new LinkedHashSet<>(left.run().featureNames());
        names.addAll(right.run().featureNames());
        return List.copyOf(names);
    }

    /** The features of a member: those of the left run, then those of the right one that the left has not. */
    static Map<String, @Nullable Object> features(Side left, Side right, Member member) {
        Map<String, @Nullable Object> features = new LinkedHashMap<>();
        add(features, left.run(), member.left());
        add(features, right.run(), member.right());
        return features;
    }

    private static void add(Map<String, @Nullable Object> features, PublishedRun run, double[] facts) {
        run.shown(run.values(facts)).forEach(features::putIfAbsent);
    }

    private static double[] doubles(@Nullable Double[] stored) {
        return Arrays.stream(stored)
                .mapToDouble(value -> value == null ? 0 : value)
                .toArray();
    }
}
