package clade.transactions;

import clade.database.CopyRows;
import clade.datasets.Dataset;
import clade.datasets.SettingsListener;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;
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
        jdbc.sql("create temporary table cancelling (order_id text collate \"C\") on commit drop")
                .update();
        if (pattern != null) {
            fill(dataset.id(), Pattern.compile(pattern).asPredicate());
        }
        Longs changed = new Longs();
        jdbc.sql("""
                        with changed as (
                            update transaction set kind = -kind where dataset_id = :dataset and amount > 0
                              and kind <> case when order_id in (select order_id from cancelling) then -1 else 1 end
                            returning customer_id)
                        select distinct customer_id from changed""").param("dataset", dataset.id()).query(row -> {
            changed.add(row.getLong(1));
        });
        listeners.orderedStream().forEach(listener -> listener.purchasesChanged(dataset.id(), changed.distinct()));
        counters.lock(dataset.id());
        totals.countAnew(dataset.id(), changed.distinct());
    }

    /** The pattern is Java's, so the order ids come here to be judged. */
    private void fill(long dataset, Predicate<String> cancels) {
        CopyRows cancelling = new CopyRows(1 << 12);
        jdbc.sql("select distinct order_id from transaction where dataset_id = :dataset and order_id is not null")
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
