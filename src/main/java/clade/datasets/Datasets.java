package clade.datasets;

import clade.database.Times;
import clade.web.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The datasets of this service. */
@Service
public class Datasets {

    private static final String VIEW = """
            select key, name, currency, time_zone, cancellation_pattern, created_at, coalesce(customers, 0) as customers,
                   coalesce(transactions, 0) as transactions, first_transaction_at, last_transaction_at
            from dataset left join dataset_counters on dataset_id = id""";

    private final DatasetRepository repository;
    private final JdbcClient jdbc;
    private final ObjectProvider<SettingsListener> listeners;
    private final Clock clock;

    Datasets(DatasetRepository repository, JdbcClient jdbc, ObjectProvider<SettingsListener> listeners, Clock clock) {
        this.repository = repository;
        this.jdbc = jdbc;
        this.listeners = listeners;
        this.clock = clock;
    }

    /** The dataset of this key; 404 if there is none. Nearly every request asks, so it goes the short way past JPA. */
    public Dataset get(String key) {
        return jdbc.sql(
                        "select id, key, name, currency, time_zone, cancellation_pattern, created_at from dataset where key = :key")
                .param("key", key)
                .query((row, number) -> new Dataset(
                        row.getLong("id"),
                        row.getString("key"),
                        row.getString("name"),
                        row.getString("currency"),
                        row.getString("time_zone"),
                        row.getString("cancellation_pattern"),
                        Times.get(row, "created_at")))
                .optional()
                .orElseThrow(() -> unknown(key));
    }

    DatasetView view(String key) {
        return jdbc.sql(VIEW + " where key = :key")
                .param("key", key)
                .query(Datasets::view)
                .optional()
                .orElseThrow(() -> unknown(key));
    }

    List<DatasetView> list() {
        return jdbc.sql(VIEW + " order by key collate \"C\"")
                .query(Datasets::view)
                .list();
    }

    /** Stores a new dataset; 409 if its key is taken. */
    void create(NewDataset wanted) {
        Dataset dataset = wanted.toDataset(clock.instant());
        try {
            repository.saveAndFlush(dataset);
        } catch (DataIntegrityViolationException e) {
            // the fields were checked, so only the key can clash
            throw Refusal.conflict("key-taken", "There is a dataset %s already".formatted(dataset.key()));
        }
    }

    @Transactional
    void change(String key, Consumer<Dataset> change) {
        Dataset dataset = repository.findByKey(key).orElseThrow(() -> unknown(key));
        var before = new SettingsListener.Settings(dataset.timeZone(), dataset.cancellationPattern());
        change.accept(dataset);
        repository.saveAndFlush(dataset);
        listeners.orderedStream().forEach(listener -> listener.settingsChanged(dataset, before));
    }

    @Transactional
    void delete(String key) {
        if (repository.deleteByKey(key) == 0) {
            throw unknown(key);
        }
    }

    private static Refusal unknown(String key) {
        return Refusal.notFound("dataset", key);
    }

    private static DatasetView view(ResultSet row, int number) throws SQLException {
        return new DatasetView(
                row.getString("key"),
                row.getString("name"),
                row.getString("currency"),
                row.getString("time_zone"),
                row.getString("cancellation_pattern"),
                Times.get(row, "created_at"),
                row.getLong("customers"),
                row.getLong("transactions"),
                Times.find(row, "first_transaction_at"),
                Times.find(row, "last_transaction_at"));
    }
}
