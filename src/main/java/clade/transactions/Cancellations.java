package clade.transactions;

import clade.database.CopyRows;
import clade.datasets.Dataset;
import clade.datasets.SettingsListener;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

/** Decides anew which stored transactions are returns when a dataset gets another cancellation pattern. */
@Component
class Cancellations implements SettingsListener {

    private final Uploads uploads;
    private final JdbcClient jdbc;
    private final DataSource database;
    private final Totals totals;
    private final Counters counters;
    private final ObjectProvider<PurchasesListener> listeners;

    Cancellations(
            Uploads uploads,
            JdbcClient jdbc,
            DataSource database,
            Totals totals,
            Counters counters,
            ObjectProvider<PurchasesListener> listeners) {
        this.uploads = uploads;
        this.totals = totals;
        this.counters = counters;
        this.listeners = listeners;
        this.jdbc = jdbc;
        this.database = database;
    }

    @Override
    public void settingsChanged(Dataset dataset, Settings before) {
        String pattern = dataset.cancellationPattern();
        if (Objects.equals(pattern, before.cancellationPattern())) {
            return;
        }
        uploads.lock(dataset.id());
        long[] changed = decide(dataset.id(), pattern, "");
        listeners.orderedStream().forEach(listener -> listener.purchasesChanged(dataset.id(), changed));
        counters.lock(dataset.id());
        totals.countAnew(dataset.id(), changed);
    }

    /**
     * Decides anew which rows of the upload are returns, if the pattern by which it was read is not the dataset's any more. Its
     * customers whose rows changed, ascending.
     */
    long[] catchUp(long dataset, long upload, @Nullable String readBy) {
        String pattern = jdbc.sql("select cancellation_pattern from dataset where id = :dataset")
                .param("dataset", dataset)
                .query((row, number) -> Optional.ofNullable(row.getString(1)))
                .optional()
                .flatMap(found -> found)
                .orElse(null);
        return catchUp(dataset, upload, readBy, pattern);
    }

    /** The same where it is known which {@code pattern} the dataset has. */
    long[] catchUp(long dataset, long upload, @Nullable String readBy, @Nullable String pattern) {
        return Objects.equals(pattern, readBy) ? new long[0] : decide(dataset, pattern, " and upload_id = " + upload);
    }

    private long[] decide(long dataset, @Nullable String pattern, String which) {
        jdbc.sql("create temporary table cancelling (order_id text collate \"C\") on commit drop")
                .update();
        if (pattern != null) {
            fill(dataset, which, Pattern.compile(pattern).asPredicate());
        }
        Longs changed = new Longs();
        jdbc.sql("""
                        with changed as (
                            update transaction set kind = -kind where dataset_id = :dataset%s and amount > 0
                              and kind <> case when order_id in (select order_id from cancelling) then -1 else 1 end
                            returning customer_id)
                        select distinct customer_id from changed""".formatted(which)).param("dataset", dataset).query(row -> {
            changed.add(row.getLong(1));
        });
        return changed.distinct();
    }

    /** The pattern is Java's, so the order ids come here to be judged. */
    private void fill(long dataset, String which, Predicate<String> cancels) {
        CopyRows cancelling = new CopyRows(1 << 12);
        jdbc.sql("select distinct order_id from transaction where dataset_id = :dataset%s and order_id is not null"
                        .formatted(which))
                .param("dataset", dataset)
                .withFetchSize(10_000)
                .query(row -> {
                    if (cancels.test(row.getString(1))) {
                        cancelling.beginRow(1);
                        cancelling.text(row.getString(1));
                    }
                });
        try {
            cancelling.copyTo(DataSourceUtils.getConnection(database), "cancelling");
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
