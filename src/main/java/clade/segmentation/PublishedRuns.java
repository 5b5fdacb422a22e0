package clade.segmentation;

import clade.database.Times;
import clade.rfm.CompositeScore;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What of completed runs is needed to read their members. It never changes, so that of the runs read last is kept. */
@Repository
class PublishedRuns {

    private static final int KEPT = 1_000;
    private static final TypeReference<LinkedHashMap<String, List<String>>> CATEGORIES = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final Map<Long, PublishedRun> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PublishedRun> eldest) {
            return size() > KEPT;
        }
    };

    PublishedRuns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A completed run.
     *
     * @param localAsOf {@code asOf} in the {@linkplain Feature#localMicros local microseconds} of its zone
     * @param categories of features that are text or booleans, by name: what their values are places in
     * @param live whether its members follow what happens, while it is the current run
     * @param version of the segmentation, as this run was published
     * @param memberValues names of what the method says of each member, in the order they are kept
     * @param rfm what gives the members their scores; with method rfm only
     * @param noiseLimits from where on who is in noise is there for a reason; null where nothing can tell
     */
    record PublishedRun(
            long id,
            int number,
            @Nullable Instant asOf,
            long localAsOf,
            long customers,
            boolean live,
            long version,
            List<Feature> features,
            Map<String, List<String>> categories,
            List<String> memberValues,
            @Nullable RfmModel rfm,
            @Nullable NoiseLimits noiseLimits) {

        List<String> featureNames() {
            return features.stream().map(Feature::apiName).toList();
        }

        /** The features' values as of the run, from what is stored of them. */
        double[] values(double[] facts) {
            double[] values = new double[features.size()];
            Arrays.setAll(values, i -> features.get(i).ofFact(facts[i], localAsOf));
            return values;
        }

        /** A table of customers with these values, one array each. */
        FeatureTable table(double[]... customers) {
            FeatureTable table = FeatureTable.of(new long[customers.length]);
            for (int i = 0; i < features.size(); i++) {
                double[] column = new double[customers.length];
                for (int row = 0; row < column.length; row++) {
                    column[row] = i < customers[row].length ? customers[row][i] : Double.NaN;
                }
                List<String> names = categories.get(features.get(i).apiName());
                table = names == null
                        ? table.with(features.get(i), column)
                        : table.with(features.get(i), column, names);
            }
            return table;
        }

        /** Values of the features as the API shows them, by name: numbers, texts and booleans; null where one is missing. */
        Map<String, @Nullable Object> shown(double[] values) {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            for (int i = 0; i < features.size(); i++) {
                shown.put(features.get(i).apiName(), i < values.length ? shown(i, values[i]) : null);
            }
            return shown;
        }

        /** A value of the feature at this place. */
        @Nullable
        Object shown(int feature, double value) {
            if (Double.isNaN(value)) {
                return null;
            }
            List<String> names = categories.get(features.get(feature).apiName());
            return names == null ? (Object) value : names.get((int) value);
        }

        /** Null unless the method is rfm. */
        @Nullable
        Scores scores(double[] values) {
            return rfm == null ? null : Scores.of(rfm.scheme(), features, values);
        }

        /** What the method says of a member with these features: what is stored of it, or its composite score. */
        double[] memberValues(double[] values, double[] stored) {
            Scores scores = scores(values);
            CompositeScore composite = rfm == null ? null : rfm.composite();
            return scores == null || composite == null
                    ? stored
                    : new double[] {composite.of(scores.recency(), scores.frequency(), scores.monetary())};
        }
    }

    /** The completed run of this id. */
    PublishedRun get(long id) {
        synchronized (kept) {
            PublishedRun known = kept.get(id);
            if (known != null) {
                return known;
            }
        }
        PublishedRun read = read(id);
        synchronized (kept) {
            kept.put(id, read);
        }
        return read;
    }

    @Transactional(readOnly = true)
    PublishedRun read(long id) {
        return jdbc.sql("""
                select number, as_of, time_zone, customers, live, version, definition, member_values, categories, noise_limits,
                       case when definition -> 'method' ->> 'name' = 'rfm' then model end as rfm_model
                from segmentation_run where id = :id and status = 'completed'""")
                .param("id", id)
                .query((row, n) -> {
                    byte[] model = row.getBytes("rfm_model");
                    String limits = row.getString("noise_limits");
                    RfmModel rfm = model == null ? null : RfmModel.read(model);
                    Instant asOf = Times.find(row, "as_of");
                    String categories = row.getString("categories");
                    return new PublishedRun(
                            id,
                            row.getInt("number"),
                            asOf,
                            asOf == null ? 0 : Feature.localMicros(asOf, ZoneId.of(row.getString("time_zone"))),
                            row.getLong("customers"),
                            row.getBoolean("live"),
                            row.getLong("version"),
                            Definition.stored(row.getString("definition")).features(),
                            categories == null ? Map.of() : JsonMapper.shared().readValue(categories, CATEGORIES),
                            rfm != null && rfm.composite() != null
                                    ? List.of("compositeScore")
                                    : List.of((String[])
                                            row.getArray("member_values").getArray()),
                            rfm,
                            limits == null ? null : JsonMapper.shared().readValue(limits, NoiseLimits.class));
                })
                .single();
    }
}
