package clade.customers;

import clade.database.CopyRows;
import clade.web.Fault;
import clade.web.Refusal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What uploads say of customers' attributes: stores it, merges it in the order in which the uploads were stored, and takes it
 * back. All of it runs in a transaction of the caller, who has {@link #lock locked} the attributes of the dataset.
 */
@Repository
public class AttributeChanges {

    private static final int LOCK = 0x61747472;
    private static final int AT_ONCE = 20_000;

    /** The version of jsonb's binary form, which stands before the text. */
    private static final byte JSONB = 1;

    private final JdbcClient jdbc;
    private final DataSource database;

    AttributeChanges(JdbcClient jdbc, DataSource database) {
        this.jdbc = jdbc;
        this.database = database;
    }

    /**
     * An attribute that an upload names.
     *
     * @param type as which it was read
     * @param declared whether the request says that it is of this type
     * @param filled values that are not missing
     */
    public record Named(String name, AttributeType type, boolean declared, long filled) {}

    /**
     * What an upload says of one customer.
     *
     * @param customer number of the customer
     * @param content a JSON object, encoded in UTF-8, of values by attribute; null where a value is missing
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one row and is never compared
    public record Change(long customer, byte[] content) {}

    /** An attribute has got another type since the upload was read, and it must be read again. */
    public static final class TypesChanged extends RuntimeException {
        private static final long serialVersionUID = 1;

        TypesChanged(String name) {
            super("Another upload stores the attribute %s as another type at this time".formatted(name));
        }
    }

    private record Known(long id, AttributeType type, boolean kept) {}

    /** Waits until nobody else changes attributes of the dataset. */
    public void lock(long dataset) {
        jdbc.sql("select pg_advisory_xact_lock(:lock, hashint8(:dataset))")
                .param("lock", LOCK)
                .param("dataset", dataset)
                .query(row -> {});
    }

    /**
     * Begins to store an upload behind all others.
     *
     * @param named the attributes that it names, in their order
     * @return its place
     * @throws Refusal 422 if a declared type does not fit what is stored
     * @throws TypesChanged if a type that was not declared does not
     */
    public long begin(long dataset, long upload, List<Named> named) {
        Map<String, Known> known = known(dataset);
        for (Named attribute : named) {
            Known stored = known.get(attribute.name());
            if (stored == null) {
                insert(dataset, attribute);
            } else if (stored.type() != attribute.type() && (attribute.filled() > 0 || attribute.declared())) {
                change(dataset, attribute, stored);
            }
        }
        long place =
                jdbc.sql("select nextval('attribute_place')").query(Long.class).single();
        jdbc.sql("""
                        insert into upload_attribute (attribute_id, upload_id, place, type, filled)
                        select a.id, :upload, :place, a.type, named.filled
                        from unnest(cast(:names as text[]), :filled) as named (name, filled)
                        join attribute a on a.dataset_id = :dataset and a.name = named.name""")
                .param("upload", upload)
                .param("place", place)
                .param("names", named.stream().map(Named::name).toArray(String[]::new))
                .param("filled", named.stream().mapToLong(Named::filled).toArray())
                .param("dataset", dataset)
                .update();
        return place;
    }

    /** Stores what the upload of this place says of some customers, each once. */
    public void add(long dataset, long upload, long place, List<Change> changes) {
        CopyRows rows = new CopyRows(1 << 16);
        for (Change change : changes) {
            rows.beginRow(5);
            rows.bigint(change.customer());
            rows.bigint(place);
            rows.bigint(upload);
            rows.bigint(dataset);
            byte[] versioned = new byte[change.content().length + 1];
            versioned[0] = JSONB;
            System.arraycopy(change.content(), 0, versioned, 1, change.content().length);
            rows.bytes(versioned);
        }
        rows.copyTo(database, "attribute_change (customer_id, place, upload_id, dataset_id, content)");
        jdbc.sql("""
                        insert into customer_attributes (customer_id, dataset_id, content)
                        select sent.customer_id, :dataset, jsonb_strip_nulls(coalesce(kept.content, '{}') || sent.content)
                        from attribute_change sent left join customer_attributes kept on kept.customer_id = sent.customer_id
                        where sent.customer_id = any (:customers) and sent.place = :place
                        on conflict (customer_id) do update set content = excluded.content""")
                .param("dataset", dataset)
                .param("customers", changes.stream().mapToLong(Change::customer).toArray())
                .param("place", place)
                .update();
    }

    /** How many customers are known by this upload alone: no other names them, and no transaction. */
    public long known(long dataset, long upload) {
        return jdbc.sql("""
                        select count(*) from attribute_change sent where upload_id = :upload and dataset_id = :dataset
                          and not exists (select from attribute_change other
                            where other.customer_id = sent.customer_id and other.upload_id <> :upload)
                          and not exists (select from purchase_totals t
                            where t.customer_id = sent.customer_id and t.transactions > 0)""")
                .param("upload", upload)
                .param("dataset", dataset)
                .query(Long.class)
                .single();
    }

    /** How many of these customers, of whom attributes were removed, are not known any more: no upload names them, and no transaction. */
    public long unknown(long[] customers) {
        return jdbc.sql("""
                        select count(*) from unnest(:customers) as gone (id)
                        where not exists (select from customer_attributes a where a.customer_id = gone.id)
                          and not exists (select from purchase_totals t
                            where t.customer_id = gone.id and t.transactions > 0)""").param("customers", customers).query(Long.class).single();
    }

    /**
     * Takes the upload back: everything is as if it had never come, but for the types in which later ones were read.
     *
     * @return the customers whom it named
     */
    public long[] remove(long dataset, long upload) {
        long[] changed =
                numbers(jdbc.sql("delete from attribute_change where upload_id = :upload returning customer_id")
                        .param("upload", upload));
        Map<String, Known> before = known(dataset);
        jdbc.sql("delete from upload_attribute where upload_id = :upload")
                .param("upload", upload)
                .update();
        jdbc.sql("""
                        delete from attribute a where dataset_id = :dataset
                          and not exists (select from upload_attribute u where u.attribute_id = a.id)""").param("dataset", dataset).update();
        jdbc.sql("""
                        update attribute a set type = last.type
                        from (select distinct on (u.attribute_id) u.attribute_id, u.type
                            from upload_attribute u join attribute on id = u.attribute_id
                            where dataset_id = :dataset order by u.attribute_id, u.filled > 0 desc, u.place desc) last
                        where a.id = last.attribute_id and a.type <> last.type""").param("dataset", dataset).update();
        mergeAnew(dataset, changed);
        known(dataset).forEach((name, now) -> {
            if (now.type() != before.getOrDefault(name, now).type()) {
                mergeAnew(dataset, customersWith(dataset, name));
            }
        });
        return changed;
    }

    private Map<String, Known> known(long dataset) {
        Map<String, Known> known = new HashMap<>();
        jdbc.sql("""
                        select id, name, type, exists (
                            select from upload_attribute u where u.attribute_id = a.id and u.filled > 0) as kept
                        from attribute a where dataset_id = :dataset""").param("dataset", dataset).query(row -> {
            known.put(
                    row.getString("name"),
                    new Known(row.getLong("id"), AttributeType.get(row.getString("type")), row.getBoolean("kept")));
        });
        return known;
    }

    private void insert(long dataset, Named attribute) {
        jdbc.sql("insert into attribute (dataset_id, name, type) values (:dataset, :name, :type)")
                .param("dataset", dataset)
                .param("name", attribute.name())
                .param("type", attribute.type().label())
                .update();
    }

    private void change(long dataset, Named attribute, Known stored) {
        if (stored.kept() && !attribute.declared()) {
            throw new TypesChanged(attribute.name());
        }
        if (stored.kept()) {
            refuseUnlessAllFit(dataset, attribute, stored.type());
        }
        jdbc.sql("update attribute set type = :type where id = :id")
                .param("type", attribute.type().label())
                .param("id", stored.id())
                .update();
        mergeAnew(dataset, customersWith(dataset, attribute.name()));
    }

    /** All that is stored must fit, also what later uploads have replaced: if they are undone, it comes back. */
    private void refuseUnlessAllFit(long dataset, Named attribute, AttributeType stored) {
        jdbc.sql("""
                        select content ->> :name from attribute_change
                        where dataset_id = :dataset and jsonb_exists(content, :name)
                          and jsonb_typeof(content -> :name) <> 'null' and attribute_value(content -> :name, :type) is null limit 1""")
                .param("dataset", dataset)
                .param("name", attribute.name())
                .param("type", attribute.type().label())
                .query(String.class)
                .optional()
                .ifPresent(value -> {
                    String message =
                            "%s is stored as %s with values such as %s, which are no %s; leave it, or undo the uploads that brought them first"
                                    .formatted(
                                            attribute.name(),
                                            stored.label(),
                                            value,
                                            attribute.type().label());
                    throw new Refusal(
                            HttpStatus.UNPROCESSABLE_CONTENT,
                            message,
                            List.of(Fault.ofParameter("types", "type-does-not-fit", message)));
                });
    }

    private long[] customersWith(long dataset, String attribute) {
        return numbers(jdbc.sql("""
                        select distinct customer_id from attribute_change
                        where dataset_id = :dataset and jsonb_exists(content, :name)""").param("dataset", dataset).param("name", attribute));
    }

    /** Merges anew all that is stored of these customers. */
    private void mergeAnew(long dataset, long[] customers) {
        Map<String, AttributeType> mixed = mixed(dataset);
        for (int from = 0; from < customers.length; from += AT_ONCE) {
            long[] some = Arrays.copyOfRange(customers, from, Math.min(customers.length, from + AT_ONCE));
            jdbc.sql("delete from customer_attributes where customer_id = any (:customers)")
                    .param("customers", some)
                    .update();
            jdbc.sql("""
                            insert into customer_attributes (customer_id, dataset_id, content)
                            select customer_id, :dataset, jsonb_strip_nulls(attributes_merged(content order by place))
                            from attribute_change where customer_id = any (:customers) group by customer_id""").param("dataset", dataset).param("customers", some).update();
            mixed.forEach((name, type) -> jdbc.sql("""
                            update customer_attributes
                            set content = jsonb_set(content, array[:name], attribute_value(content -> :name, :type))
                            where customer_id = any (:customers) and jsonb_typeof(content -> :name) <> :json""")
                    .param("name", name)
                    .param("type", type.label())
                    .param("json", type.json())
                    .param("customers", some)
                    .update());
        }
    }

    /** Attributes of which some upload was read as another type than they have now. */
    private Map<String, AttributeType> mixed(long dataset) {
        Map<String, AttributeType> mixed = new HashMap<>();
        jdbc.sql("""
                        select name, type from attribute a where dataset_id = :dataset and exists (
                            select from upload_attribute u
                            where u.attribute_id = a.id and u.filled > 0 and u.type <> a.type)""").param("dataset", dataset).query(row -> {
            mixed.put(row.getString("name"), AttributeType.get(row.getString("type")));
        });
        return mixed;
    }

    private static long[] numbers(JdbcClient.StatementSpec statement) {
        LongStream.Builder found = LongStream.builder();
        statement.withFetchSize(10_000).query(row -> {
            found.add(row.getLong(1));
        });
        return found.build().toArray();
    }
}
