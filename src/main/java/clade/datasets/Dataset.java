package clade.datasets;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** One shop, brand or product whose customers are segmented together. */
@Entity
@Table(name = "dataset")
public class Dataset {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(updatable = false)
    private String key;

    private String name;

    private @Nullable String currency;

    private String timeZone;

    private @Nullable String cancellationPattern;

    @Column(updatable = false)
    private Instant createdAt;

    /** For JPA alone, which fills the fields itself. */
    @SuppressWarnings("NullAway.Init")
    protected Dataset() {}

    /** One that is not stored yet. */
    Dataset(
            String key,
            String name,
            @Nullable String currency,
            ZoneId timeZone,
            @Nullable String cancellationPattern,
            Instant createdAt) {
        this(null, key, name, currency, timeZone.getId(), cancellationPattern, createdAt);
    }

    Dataset(
            @Nullable Long id,
            String key,
            String name,
            @Nullable String currency,
            String timeZone,
            @Nullable String cancellationPattern,
            Instant createdAt) {
        this.id = id;
        this.key = key;
        this.name = name;
        this.currency = currency;
        this.timeZone = timeZone;
        this.cancellationPattern = cancellationPattern;
        this.createdAt = createdAt;
    }

    public long id() {
        if (id == null) {
            throw new IllegalStateException("The dataset %s is not stored yet".formatted(key));
        }
        return id;
    }

    public String key() {
        return key;
    }

    public String name() {
        return name;
    }

    /** ISO 4217, null if unknown. */
    public @Nullable String currency() {
        return currency;
    }

    /** The zone in which its days begin and its times without a zone are read. */
    public ZoneId timeZone() {
        return ZoneId.of(timeZone);
    }

    /** Regular expression of the order ids that are cancellations; null if there are none. */
    public @Nullable String cancellationPattern() {
        return cancellationPattern;
    }

    public Instant createdAt() {
        return createdAt;
    }

    void rename(String newName) {
        name = newName;
    }

    void setCurrency(@Nullable String newCurrency) {
        currency = newCurrency;
    }

    void setTimeZone(ZoneId zone) {
        timeZone = zone.getId();
    }

    void setCancellationPattern(@Nullable String pattern) {
        cancellationPattern = pattern;
    }
}
