package clade.customers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.customers.AttributeChanges.Change;
import clade.customers.AttributeChanges.Named;
import clade.datasets.Datasets;
import clade.support.Api;
import clade.support.CladeTest;
import clade.web.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@CladeTest
class AttributeChangesTests {

    @Autowired
    private Api api;

    @Autowired
    private Datasets datasets;

    @Autowired
    private Customers customers;

    @Autowired
    private Attributes attributes;

    @Autowired
    private AttributeChanges changes;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private JdbcClient jdbc;

    private long dataset;
    private long upload;

    @BeforeEach
    void newDataset() {
        String path = api.newDataset();
        dataset = datasets.get(path.substring(path.lastIndexOf('/') + 1)).id();
        upload = dataset * 1000;
    }

    @Test
    void laterUploadsChangeWhatTheyNameAndNothingElse() {
        long first = store(
                List.of(named("Age", AttributeType.NUMBER), named("City", AttributeType.TEXT)),
                Map.of("A", "{\"Age\":19,\"City\":\"Ulm\"}", "B", "{\"Age\":null,\"City\":\"Bonn\"}"));
        store(List.of(named("Age", AttributeType.NUMBER)), Map.of("B", "{\"Age\":30.5}", "C", "{\"Age\":null}"));

        assertThat(content("A")).isEqualTo("{\"Age\": 19, \"City\": \"Ulm\"}");
        assertThat(content("B")).isEqualTo("{\"Age\": 30.5, \"City\": \"Bonn\"}");
        assertThat(content("C")).isEqualTo("{}");
        assertThat(attributes.list(dataset))
                .containsExactly(new Attribute("Age", AttributeType.NUMBER), new Attribute("City", AttributeType.TEXT));
        assertThat(attributes.find(dataset, "City")).contains(new Attribute("City", AttributeType.TEXT));
        assertThat(attributes.find(dataset, "city")).isEmpty();

        undo(first);

        assertThat(content("A")).isNull();
        assertThat(content("B")).isEqualTo("{\"Age\": 30.5}");
        assertThat(attributes.list(dataset)).containsExactly(new Attribute("Age", AttributeType.NUMBER));
    }

    @Test
    void aTypeChangesWhereAllThatIsStoredFitsAndComesBackWhenThatIsUndone() {
        store(List.of(named("Zip", AttributeType.NUMBER)), Map.of("A", "{\"Zip\":10115}"));
        assertThatThrownBy(() -> store(List.of(named("Zip", AttributeType.TEXT)), Map.of("B", "{\"Zip\":\"x\"}")))
                .isInstanceOf(AttributeChanges.TypesChanged.class);

        long second = store(List.of(new Named("Zip", AttributeType.TEXT, true, 1)), Map.of("B", "{\"Zip\":\"01067\"}"));

        assertThat(content("A")).isEqualTo("{\"Zip\": \"10115\"}");
        assertThat(attributes.kept(dataset)).containsExactly(Map.entry("Zip", AttributeType.TEXT));
        long third = store(List.of(named("Zip", AttributeType.TEXT)), Map.of("C", "{\"Zip\":\"none\"}"));
        assertThatThrownBy(() ->
                        store(List.of(new Named("Zip", AttributeType.NUMBER, true, 1)), Map.of("B", "{\"Zip\":1}")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("none");

        undo(second);
        assertThat(content("A")).isEqualTo("{\"Zip\": \"10115\"}");
        undo(third);
        assertThat(content("A")).isEqualTo("{\"Zip\": 10115}");
        assertThat(attributes.kept(dataset)).containsExactly(Map.entry("Zip", AttributeType.NUMBER));
    }

    private static Named named(String name, AttributeType type) {
        return new Named(name, type, false, 1);
    }

    private long store(List<Named> named, Map<String, String> contents) {
        long number = ++upload;
        transaction.executeWithoutResult(status -> {
            changes.lock(dataset);
            long place = changes.begin(dataset, number, named);
            Map<String, Long> numbers =
                    customers.numbers(dataset, new TreeSet<>(contents.keySet())).byId();
            changes.add(
                    dataset,
                    number,
                    place,
                    contents.entrySet().stream()
                            .map(entry -> new Change(
                                    numbers.get(entry.getKey()),
                                    entry.getValue().getBytes(StandardCharsets.UTF_8)))
                            .toList());
        });
        return number;
    }

    private void undo(long number) {
        transaction.executeWithoutResult(status -> {
            changes.lock(dataset);
            changes.remove(dataset, number);
        });
    }

    private String content(String customer) {
        return jdbc.sql("""
                        select content::text from customer_attributes a join customer c on c.id = a.customer_id
                        where c.dataset_id = :dataset and c.customer_id = :customer""")
                .param("dataset", dataset)
                .param("customer", customer)
                .query(String.class)
                .optional()
                .orElse(null);
    }
}
