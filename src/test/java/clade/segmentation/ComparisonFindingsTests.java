package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.Agreement;
import clade.segmentation.Comparison.Finding;
import clade.segmentation.Comparison.Part;
import clade.segmentation.ComparisonTable.Cell;
import clade.segmentation.ComparisonTable.Limits;
import clade.segmentation.ComparisonTable.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ComparisonFindingsTests {

    /** A customer: its segments and what it spent. */
    private record Customer(int left, int right, double spent) {}

    @Test
    void saysThatThereIsNothingToCompareWithoutCommonCustomers() {
        ComparisonTable table = new ComparisonTable(
                segments("l", 2, false), segments("r", 2, false), List.of(), 3, 4, new Limits(null, null, null));

        assertThat(ComparisonFindings.of(table, null, "A", "B", null))
                .extracting(Finding::sentence)
                .containsExactly("A and B have no customer in common: there is nothing to compare.");
    }

    @Test
    void namesAWhaleGroupThatTheOtherSideBuries() {
        List<Customer> customers = new ArrayList<>();
        for (int i = 0; i < 96; i++) {
            customers.add(new Customer(i < 40 ? 0 : 1, 0, 10));
        }
        for (int i = 0; i < 4; i++) {
            customers.add(new Customer(0, 1, 1000));
        }

        Finding whales = only("whale-group", findings(customers, 2, 2));

        // mean (96 · 10 + 4 · 1,000) / 100 = 49.6; whales spend 1,000, 20.2 times as much; 4 of the 44 of left segment
        // 0
        assertThat(whales.side()).isEqualTo("right");
        assertThat(whales.segments()).containsExactly("r1");
        assertThat(whales.customers()).isEqualTo(4);
        assertThat(whales.revenue()).isEqualTo(4000);
        assertThat(whales.where()).containsExactly(new Part("left", "l0", 4, 4 / 44.0));
        assertThat(whales.sentence())
                .isEqualTo(
                        "B sets a whale group apart, “R 1”: 4 customers (4.0 %) worth 4,000.00 EUR, which is 80.6 % of the "
                                + "revenue; each spends 20.2 times the mean. A buries them in “L 0” (4), where they are at most 9.1 % of a "
                                + "segment.");
    }

    @Test
    void saysWhereAWhaleGroupIsThatTheOtherSideHasToo() {
        List<Customer> customers = new ArrayList<>();
        for (int i = 0; i < 96; i++) {
            customers.add(new Customer(0, 0, 10));
        }
        for (int i = 0; i < 4; i++) {
            customers.add(new Customer(1, 1, 1000));
        }

        assertThat(findings(customers, 2, 2))
                .filteredOn(finding -> finding.kind().equals("whale-group"))
                .extracting(Finding::side)
                .containsExactly("left", "right");
        assertThat(findings(customers, 2, 2))
                .filteredOn(finding -> finding.kind().equals("whale-group"))
                .allMatch(finding -> !finding.sentence().contains("buries"));
    }

    @Test
    void namesTheUnionOfTwo() {
        List<Customer> customers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            customers.add(new Customer(0, i < 18 ? 0 : 1, 5));
            customers.add(new Customer(1, 2, 5));
        }
        customers.add(new Customer(1, 0, 5));

        Finding union = only("union", findings(customers, 2, 3));

        // 30 of the 31 customers of R 0 and R 1 are in L 0
        assertThat(union.side()).isEqualTo("left");
        assertThat(union.segments()).containsExactly("l0");
        assertThat(union.where())
                .containsExactly(new Part("right", "r0", 18, 18 / 19.0), new Part("right", "r1", 12, 1));
        assertThat(union.sentence())
                .isEqualTo(
                        "“L 0” of A is nearly the union of “R 0” and “R 1” of B: 30 of its 30 customers are in these two (Jaccard "
                                + "coefficient 0.97).");
        assertThat(only("same", findings(customers, 2, 3)).segments()).containsExactly("l1");
    }

    @Test
    void answersNoWhereThereIsNothingToFind() {
        List<Customer> customers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            customers.add(new Customer(i % 2, i / 50, 7));
        }

        assertThat(findings(customers, 2, 2))
                .filteredOn(finding ->
                        Set.of("whale-group", "small-group", "union", "same").contains(finding.kind()))
                .hasSize(4)
                .allMatch(finding ->
                        finding.segments().isEmpty() && finding.sentence().startsWith("N"));
    }

    /** Each claim is counted again from the customers, by its definition, in many random comparisons. */
    @Test
    void everyClaimIsTrueOfTheCustomers() {
        SplittableRandom random = new SplittableRandom(3);
        int[] claims = new int[2];
        for (int round = 0; round < 1500; round++) {
            int lefts = 1 + random.nextInt(6);
            int rights = 1 + random.nextInt(6);
            List<Customer> customers = new ArrayList<>();
            int n = 20 + random.nextInt(200);
            double loyal = random.nextDouble();
            for (int i = 0; i < n; i++) {
                int left = (int) (lefts * Math.pow(random.nextDouble(), 3));
                int right = random.nextDouble() < loyal ? left * 7 % rights : random.nextInt(rights);
                customers.add(new Customer(left, right, right == rights - 1 && rights > 3 ? 900 : random.nextInt(100)));
            }
            List<Finding> found = findings(customers, lefts, rights, true);
            claims[0] += check(found, customers, lefts, rights, "left", Customer::left, Customer::right);
            claims[1] += check(found, customers, rights, lefts, "right", Customer::right, Customer::left);
            checkSame(found, customers, lefts, rights);
        }
        assertThat(claims[0]).isGreaterThan(100);
        assertThat(claims[1]).isGreaterThan(100);
    }

    private interface Segmented {
        int of(Customer customer);
    }

    private static int check(
            List<Finding> found,
            List<Customer> customers,
            int own,
            int others,
            String side,
            Segmented mine,
            Segmented theirs) {
        double all = customers.stream().mapToDouble(Customer::spent).sum();
        Set<String> whales = new HashSet<>();
        Set<String> small = new HashSet<>();
        Set<String> unions = new HashSet<>();
        for (int s = 0; s < own; s++) {
            int segment = s;
            List<Customer> members =
                    customers.stream().filter(c -> mine.of(c) == segment).toList();
            if (members.isEmpty()) {
                continue;
            }
            double revenue = members.stream().mapToDouble(Customer::spent).sum();
            String key = side.charAt(0) + "" + segment;
            boolean few = members.size() <= 0.05 * customers.size();
            boolean rich = all > 0 && revenue / members.size() >= 3 * all / customers.size();
            double most = 0;
            for (int o = 0; o < others; o++) {
                int other = o;
                long size =
                        customers.stream().filter(c -> theirs.of(c) == other).count();
                long common =
                        members.stream().filter(c -> theirs.of(c) == other).count();
                most = Math.max(most, size == 0 ? 0 : (double) common / size);
            }
            boolean isNoise = segment == own - 1;
            if (few && rich) {
                whales.add(key);
                Finding whale = of(found, "whale-group", side).stream()
                        .filter(finding -> finding.segments().contains(key))
                        .findFirst()
                        .orElseThrow();
                assertThat(whale.customers()).isEqualTo(members.size());
                assertThat(whale.revenue()).isCloseTo(revenue, within(1e-9));
                assertThat(whale.sentence().contains("buries")).isEqualTo(most < 0.5);
            } else if (few && !isNoise && most < 0.5) {
                small.add(key);
            }
            if (!isNoise && bestUnion(customers, members, others, theirs) >= 0.8) {
                unions.add(key);
            }
        }
        assertThat(keys(of(found, "whale-group", side))).isEqualTo(whales);
        assertThat(keys(of(found, "small-group", side))).isEqualTo(small);
        assertThat(keys(of(found, "union", side))).isEqualTo(unions);
        return whales.size() + small.size() + unions.size();
    }

    /** Best Jaccard coefficient with the union of two that are each mostly, and noticeably, part of these members. */
    private static double bestUnion(List<Customer> customers, List<Customer> members, int others, Segmented theirs) {
        double best = 0;
        int[] size = new int[others];
        int[] common = new int[others];
        customers.forEach(c -> size[theirs.of(c)]++);
        members.forEach(c -> common[theirs.of(c)]++);
        for (int a = 0; a < others - 1; a++) {
            for (int b = a + 1; b < others - 1; b++) { // the last is noise
                boolean parts = Math.min(common[a], common[b]) > 0
                        && common[a] >= 0.5 * size[a]
                        && common[b] >= 0.5 * size[b]
                        && Math.min(common[a], common[b]) >= 0.1 * members.size();
                if (parts) {
                    int both = common[a] + common[b];
                    best = Math.max(best, (double) both / (members.size() + size[a] + size[b] - both));
                }
            }
        }
        return best;
    }

    private static void checkSame(List<Finding> found, List<Customer> customers, int lefts, int rights) {
        Set<String> same = new HashSet<>();
        for (int l = 0; l < lefts; l++) {
            for (int r = 0; r < rights; r++) {
                int left = l;
                int right = r;
                long both = customers.stream()
                        .filter(c -> c.left() == left && c.right() == right)
                        .count();
                long either = customers.stream()
                        .filter(c -> c.left() == left || c.right() == right)
                        .count();
                if (either > 0 && (double) both / either >= 0.8) {
                    same.add("l" + left);
                }
            }
        }
        assertThat(keys(found.stream()
                        .filter(finding -> finding.kind().equals("same"))
                        .toList()))
                .isEqualTo(same);
    }

    private static List<Finding> of(List<Finding> found, String kind, String side) {
        return found.stream()
                .filter(finding -> finding.kind().equals(kind) && side.equals(finding.side()))
                .toList();
    }

    private static Set<String> keys(List<Finding> found) {
        Set<String> keys = new HashSet<>();
        found.forEach(finding -> keys.addAll(finding.segments()));
        return keys;
    }

    private static Finding only(String kind, List<Finding> found) {
        List<Finding> those =
                found.stream().filter(finding -> finding.kind().equals(kind)).toList();
        assertThat(those).hasSize(1);
        return those.get(0);
    }

    private static List<Finding> findings(List<Customer> customers, int lefts, int rights) {
        return findings(customers, lefts, rights, false);
    }

    private static List<Finding> findings(List<Customer> customers, int lefts, int rights, boolean noise) {
        double[] sorted =
                customers.stream().mapToDouble(Customer::spent).sorted().toArray();
        double top = sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
        List<Cell> cells = new ArrayList<>();
        for (int l = 0; l < lefts; l++) {
            for (int r = 0; r < rights; r++) {
                int left = l;
                int right = r;
                List<Customer> in = customers.stream()
                        .filter(c -> c.left() == left && c.right() == right)
                        .toList();
                if (!in.isEmpty()) {
                    double[] spent = in.stream().mapToDouble(Customer::spent).toArray();
                    cells.add(new Cell(
                            left,
                            right,
                            in.size(),
                            Arrays.stream(spent).sum(),
                            Arrays.stream(spent).filter(s -> s >= top).count(),
                            Arrays.stream(spent).filter(s -> s >= top).sum(),
                            0));
                }
            }
        }
        ComparisonTable table = new ComparisonTable(
                segments("l", lefts, noise), segments("r", rights, noise), cells, 0, 0, new Limits(top, null, null));
        return ComparisonFindings.of(table, Agreement.adjustedRand(table.counts()), "A", "B", "EUR");
    }

    /** With {@code noise} the last of them is noise. */
    private static List<Segment> segments(String prefix, int count, boolean noise) {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            segments.add(new Segment(prefix + i, prefix.toUpperCase(Locale.ROOT) + " " + i, noise && i == count - 1));
        }
        return segments;
    }
}
