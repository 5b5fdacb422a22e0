package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Uploads of customers and of transactions and their undos, in any order and at once, against a model of maps. */
@CladeTest
class CustomerInterleavingTests {

    private static final List<String> NAMES = List.of("age", "income", "plan", "member");

    @Autowired
    private Api api;

    /**
     * An upload that is stored.
     *
     * @param rows what it says: a value, or null where it is missing, by attribute by customer
     * @param buyers customers of its transactions
     */
    private record Sent(String id, Instant storedAt, Map<String, Map<String, String>> rows, TreeSet<String> buyers) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsKnownIsWhatTheUploadsLeftSayInTheirOrder(long seed) {
        String dataset = api.newDataset();
        List<Sent> stored = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int client = 0; client < 3; client++) {
            Random random = new Random(31 * seed + client);
            clients.add(CompletableFuture.runAsync(() -> {
                List<Sent> own = new ArrayList<>();
                for (int step = 0; step < 12; step++) {
                    if (!own.isEmpty() && random.nextInt(3) == 0) {
                        Sent gone = own.remove(random.nextInt(own.size()));
                        if (api.delete(dataset + "/uploads/" + gone.id).status() == 204) {
                            stored.remove(gone);
                        }
                    } else {
                        Sent sent = random.nextInt(4) == 0 ? buy(dataset, random) : tell(dataset, random);
                        own.add(sent);
                        stored.add(sent);
                    }
                }
            }));
        }
        clients.forEach(CompletableFuture::join);
        expect(dataset, stored);

        Collections.shuffle(stored, new Random(seed));
        while (!stored.isEmpty()) {
            Sent gone = stored.get(0);
            assertThat(api.delete(dataset + "/uploads/" + gone.id).status()).isEqualTo(204);
            stored.remove(gone);
            if (stored.size() % 5 == 0) {
                expect(dataset, stored);
            }
        }
    }

    private void expect(String dataset, List<Sent> stored) {
        Map<String, Map<String, String>> known = new TreeMap<>();
        TreeSet<String> named = new TreeSet<>();
        stored.stream().sorted(Comparator.comparing(Sent::storedAt)).forEach(sent -> {
            sent.buyers.forEach(buyer -> known.computeIfAbsent(buyer, id -> new TreeMap<>()));
            sent.rows.forEach((customer, row) -> row.forEach((name, value) -> {
                named.add(name);
                Map<String, String> values = known.computeIfAbsent(customer, id -> new TreeMap<>());
                if (value == null) {
                    values.remove(name);
                } else {
                    values.put(name, value);
                }
            }));
        });
        List<String> found = new ArrayList<>();
        api.get(dataset + "/customers?limit=1000")
                .json()
                .get("customers")
                .forEach(customer -> found.add(customer.get("customerId").asString()));
        assertThat(found).containsExactlyElementsOf(known.keySet());
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(known.size());
        known.forEach((customer, values) -> {
            Map<String, String> shown = new TreeMap<>();
            api.get(dataset + "/customers/" + customer)
                    .json()
                    .get("attributes")
                    .properties()
                    .forEach(entry -> shown.put(entry.getKey(), entry.getValue().toString()));
            assertThat(shown).as(customer).isEqualTo(values);
        });
        JsonNode attributes = api.get(dataset + "/attributes").json().get("attributes");
        assertThat(attributes).hasSize(named.size());
        for (JsonNode attribute : attributes) {
            String name = attribute.get("name").asString();
            List<String> values = known.values().stream()
                    .filter(row -> row.containsKey(name))
                    .map(row -> row.get(name))
                    .toList();
            assertThat(attribute.get("missing").asInt()).isEqualTo(known.size() - values.size());
            assertThat(attribute.get("distinct").asLong())
                    .isEqualTo(values.stream().distinct().count());
        }
    }

    /** Sends customers with some of the attributes: a few, or so many that they are not stored in one go. */
    private Sent tell(String dataset, Random random) {
        List<String> names = NAMES.stream().filter(name -> random.nextBoolean()).toList();
        int rows = random.nextInt(8) == 0 ? 1100 : 1 + random.nextInt(6);
        Map<String, Map<String, String>> said = new TreeMap<>();
        StringBuilder file = new StringBuilder("customerId"
                + String.join("", names.stream().map(name -> "," + name).toList()) + "\n");
        for (int row = 0; row < rows; row++) {
            String customer = "C" + random.nextInt(30);
            Map<String, String> values = new TreeMap<>();
            file.append(customer);
            for (String name : names) {
                boolean missing = random.nextInt(5) == 0;
                String value = value(name, random);
                file.append(',').append(missing ? "" : value.replace("\"", ""));
                values.put(name, missing ? null : value);
            }
            file.append('\n');
            said.put(customer, values);
        }
        JsonNode report = send(dataset + "/customers?types=" + declared(names), file.toString());
        assertThat(report.get("accepted").asInt()).isEqualTo(said.size());
        return new Sent(
                report.get("id").asString(),
                Instant.parse(report.get("finishedAt").asString()),
                names.isEmpty() ? Map.of() : said,
                names.isEmpty() ? new TreeSet<>(said.keySet()) : new TreeSet<>());
    }

    private static String declared(List<String> names) {
        Map<String, String> types = Map.of("age", "number", "income", "number", "plan", "text", "member", "boolean");
        return names.isEmpty()
                ? ""
                : String.join(
                        ",",
                        names.stream().map(name -> name + ":" + types.get(name)).toList());
    }

    private static String value(String name, Random random) {
        return switch (name) {
            case "age" -> String.valueOf(random.nextInt(90));
            case "income" -> random.nextInt(1000) + "." + (1 + random.nextInt(9));
            case "plan" -> "\"p" + random.nextInt(3) + "\"";
            default -> String.valueOf(random.nextBoolean());
        };
    }

    private Sent buy(String dataset, Random random) {
        TreeSet<String> buyers = new TreeSet<>();
        StringBuilder file = new StringBuilder("customerId,transactionId,occurredAt,amount\n");
        for (int row = 0; row < 3; row++) {
            String customer = "C" + random.nextInt(40);
            file.append("%s,T%d,2024-01-01,5%n"
                    .formatted(customer, random.nextLong())
                    .replace("\r", ""));
            buyers.add(customer);
        }
        JsonNode report = send(dataset + "/transactions", file.toString());
        return new Sent(
                report.get("id").asString(),
                Instant.parse(report.get("finishedAt").asString()),
                Map.of(),
                buyers);
    }

    private JsonNode send(String path, String file) {
        String url = path.endsWith("types=") ? path.substring(0, path.indexOf('?')) : path;
        Answer answer = api.send("POST", url, "text/csv", BodyPublishers.ofString(file));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }
}
