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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

/** Decides anew which stored transactions are returns when a dataset gets another cancellation pattern. */
@Component
class Cancellations implements SettingsListener {

    private final Uploads uploads;
    private final JdbcClient jdbc;
    private final DataSource database;

    Cancellations(Uploads uploads, JdbcClient jdbc, DataSource database) {
        this.uploads = uploads;
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
        jdbc.sql("""
                        update transaction set kind = -kind where dataset_id = :dataset and amount > 0
                        and kind <> case when order_id in (select order_id from cancelling) then -1 else 1 end""").param("dataset", dataset.id()).update();
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
