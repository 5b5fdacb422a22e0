package clade.segmentation;

import clade.segmentation.Comparison.Finding;
import clade.segmentation.Comparison.Part;
import clade.segmentation.ComparisonTable.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a client asks of two segmentations. Every figure is counted in the table, and every word such as "mostly" has a
 * bound here.
 */
final class ComparisonFindings {

    /** A group of few customers holds at most this part of them. */
    private static final double SMALL = 0.05;

    /** Whales spend on average at least so many times the mean. */
    private static final double RICH = 3;

    /** A segment is mostly what makes at least this part of it. */
    private static final double MOSTLY = 0.5;

    /** Jaccard coefficient from which two sets of customers count as nearly the same. */
    private static final double ALIKE = 0.8;

    /** A part of a union that holds less is no part worth naming. */
    private static final double LEAST_PART = 0.1;

    private static final int MOST_SMALL_GROUPS = 5;

    private final View left;
    private final View right;
    private final @Nullable String currency;

    private ComparisonFindings(ComparisonTable table, String left, String right, @Nullable String currency) {
        this.left = new View("left", "right", left, right, table);
        this.right = new View("right", "left", right, left, table.swapped());
        this.currency = currency;
    }

    /** {@code left} and {@code right} are what the sides are called. */
    static List<Finding> of(
            ComparisonTable table,
            @Nullable Double adjustedRand,
            String left,
            String right,
            @Nullable String currency) {
        if (adjustedRand == null) {
            String none = "%s and %s have no customer in common: there is nothing to compare.".formatted(left, right);
            return List.of(new Finding("agreement", null, List.of(), 0, null, List.of(), none));
        }
        ComparisonFindings findings = new ComparisonFindings(table, left, right, currency);
        List<Finding> all = new ArrayList<>();
        all.add(findings.agreement(adjustedRand));
        if (table.revenue() != null) {
            all.addAll(findings.whaleGroups());
            all.add(findings.topSpenders());
        }
        all.addAll(findings.smallGroups());
        if (table.limits().leastRecency() != null && table.limits().mostFrequency() != null) {
            findings.leastEngaged(all);
        }
        all.addAll(findings.unions());
        all.add(findings.same());
        findings.noise(findings.left, all);
        findings.noise(findings.right, all);
        return all;
    }

    /** One side, and how the other looks from there. */
    private record View(String side, String otherSide, String title, String otherTitle, ComparisonTable table) {

        String name(int segment) {
            return quoted(table.left().get(segment));
        }

        String otherName(int segment) {
            return quoted(table.right().get(segment));
        }

        private static String quoted(ComparisonTable.Segment segment) {
            return "“" + segment.name() + "”";
        }

        String key(int segment) {
            return table.left().get(segment).key();
        }

        boolean isNoise(int segment) {
            return table.left().get(segment).noise();
        }

        IntStream segments() {
            return IntStream.range(0, table.left().size());
        }

        double shareOfAll(long customers) {
            return (double) customers / table.customers();
        }

        /** Where the counted customers of these cells are on the other side, most first. */
        List<Part> parts(List<Cell> cells, ToLongFunction<Cell> counted) {
            long[] sizes = table.rightSizes();
            long[] counts = new long[sizes.length];
            cells.forEach(cell -> counts[cell.right()] += counted.applyAsLong(cell));
            return IntStream.range(0, counts.length)
                    .filter(i -> counts[i] > 0)
                    .boxed()
                    .sorted(Comparator.comparing((Integer i) -> -counts[i]))
                    .map(i -> new Part(otherSide, table.right().get(i).key(), counts[i], (double) counts[i] / sizes[i]))
                    .toList();
        }

        String otherName(Part part) {
            return otherName(IntStream.range(0, table.right().size())
                    .filter(i -> table.right().get(i).key().equals(part.segment()))
                    .findFirst()
                    .orElseThrow());
        }

        /** The first three of the parts, in words. */
        String listed(List<Part> parts) {
            return parts.stream()
                            .limit(3)
                            .map(part -> "%s (%s)".formatted(otherName(part), count(part.customers())))
                            .collect(Collectors.joining(", "))
                    + (parts.size() > 3 ? " and %s more".formatted(count(parts.size() - 3)) : "");
        }
    }

    private Finding agreement(double adjustedRand) {
        ComparisonTable table = left.table();
        String how = adjustedRand >= 0.9
                ? "almost alike"
                : adjustedRand >= 0.65 ? "largely alike" : adjustedRand >= 0.3 ? "partly alike" : "quite differently";
        StringBuilder sentence = new StringBuilder(text(
                "%s and %s part %s %s: adjusted Rand index %.2f, where 0 is chance and 1 the same.",
                left.title(), right.title(), customers(table.customers()), how, adjustedRand));
        if (table.onlyLeft() > 0 || table.onlyRight() > 0) {
            sentence.append(text(
                    " %s more %s in %s alone, %s in %s.",
                    customers(table.onlyLeft()),
                    table.onlyLeft() == 1 ? "is" : "are",
                    left.title(),
                    count(table.onlyRight()),
                    right.title()));
        }
        return new Finding(
                "agreement", null, List.of(), table.customers(), table.revenue(), List.of(), sentence.toString());
    }

    private boolean isWhaleGroup(View view, int segment) {
        List<Cell> cells = view.table().ofLeft(segment);
        Double revenue = ComparisonTable.revenue(cells);
        Double all = view.table().revenue();
        long size = view.table().leftSize(segment);
        return revenue != null
                && all != null
                && all > 0
                && view.shareOfAll(size) <= SMALL
                && revenue / size >= RICH * all / view.table().customers();
    }

    private List<Finding> whaleGroups() {
        List<Finding> found = new ArrayList<>();
        for (View view : List.of(left, right)) {
            view.segments().filter(i -> isWhaleGroup(view, i)).forEach(i -> found.add(whaleGroup(view, i)));
        }
        if (found.isEmpty()) {
            found.add(none(
                    "whale-group",
                    text(
                            "Neither %s nor %s sets a whale group apart: no segment of at most 5 %% of the customers spends on average %.0f "
                                    + "times the mean or more.",
                            left.title(), right.title(), RICH)));
        }
        return found;
    }

    private Finding whaleGroup(View view, int segment) {
        List<Cell> cells = view.table().ofLeft(segment);
        long size = view.table().leftSize(segment);
        double revenue = Objects.requireNonNull(ComparisonTable.revenue(cells));
        double all = Objects.requireNonNull(view.table().revenue());
        List<Part> parts = view.parts(cells, Cell::customers);
        double most = parts.stream().mapToDouble(Part::share).max().orElseThrow();
        String where = most < MOSTLY
                ? text(
                        "%s buries them in %s, where they are at most %s of a segment.",
                        view.otherTitle(), view.listed(parts), percent(most))
                : text("%s has them in %s.", view.otherTitle(), view.listed(parts));
        return new Finding(
                "whale-group",
                view.side(),
                List.of(view.key(segment)),
                size,
                revenue,
                parts,
                text(
                        "%s sets a whale group apart, %s: %s (%s) worth %s, which is %s of the revenue; each spends %.1f times the mean. %s",
                        view.title(),
                        view.name(segment),
                        customers(size),
                        percent(view.shareOfAll(size)),
                        money(revenue),
                        percent(revenue / all),
                        revenue / size / (all / view.table().customers()),
                        where));
    }

    private Finding topSpenders() {
        ComparisonTable table = left.table();
        long count = table.cells().stream().mapToLong(Cell::topSpenders).sum();
        double revenue = table.cells().stream()
                .mapToDouble(cell -> Objects.requireNonNullElse(cell.topRevenue(), 0.0))
                .sum();
        double all = Objects.requireNonNull(table.revenue());
        List<Part> onLeft = right.parts(right.table().cells(), Cell::topSpenders);
        List<Part> onRight = left.parts(table.cells(), Cell::topSpenders);
        List<Part> both = new ArrayList<>(onLeft);
        both.addAll(onRight);
        return new Finding(
                "top-spenders",
                null,
                List.of(),
                count,
                revenue,
                both,
                text(
                        "The %s who spent most (%s or more) bring %s, %s. %s has %s of them in %s, of which they are %s; %s has %s in %s, of "
                                + "which they are %s.",
                        customers(count),
                        money(Objects.requireNonNull(table.limits().topMonetary())),
                        money(revenue),
                        all > 0 ? percent(revenue / all) + " of the revenue" : "where all revenue is " + money(all),
                        left.title(),
                        count(onLeft.get(0).customers()),
                        right.otherName(onLeft.get(0)),
                        percent(onLeft.get(0).share()),
                        right.title(),
                        count(onRight.get(0).customers()),
                        left.otherName(onRight.get(0)),
                        percent(onRight.get(0).share())));
    }

    /** Small groups of one side that are nowhere the most of a segment of the other; whales are told of already. */
    private List<Finding> smallGroups() {
        List<Finding> found = new ArrayList<>();
        for (View view : List.of(left, right)) {
            view.segments()
                    .filter(i -> !view.isNoise(i) && !isWhaleGroup(view, i) && isDissolved(view, i))
                    .boxed()
                    .sorted(Comparator.comparing((Integer i) -> -view.table().leftSize(i)))
                    .limit(MOST_SMALL_GROUPS)
                    .forEach(i -> found.add(smallGroup(view, i)));
        }
        if (found.isEmpty()) {
            found.add(none(
                    "small-group",
                    text(
                            "No small niche (at most 5 %% of the customers) of %s or %s is dissolved in the other.",
                            left.title(), right.title())));
        }
        return found;
    }

    private static boolean isDissolved(View view, int segment) {
        long size = view.table().leftSize(segment);
        return size > 0
                && view.shareOfAll(size) <= SMALL
                && view.parts(view.table().ofLeft(segment), Cell::customers).stream()
                        .allMatch(part -> part.share() < MOSTLY);
    }

    private Finding smallGroup(View view, int segment) {
        List<Cell> cells = view.table().ofLeft(segment);
        List<Part> parts = view.parts(cells, Cell::customers);
        long size = view.table().leftSize(segment);
        Double revenue = ComparisonTable.revenue(cells);
        return new Finding(
                "small-group",
                view.side(),
                List.of(view.key(segment)),
                size,
                revenue,
                parts,
                text(
                        "%s finds a niche, %s: %s (%s)%s. %s dissolves it in %s, where it is at most %s of a segment.",
                        view.title(),
                        view.name(segment),
                        customers(size),
                        percent(view.shareOfAll(size)),
                        revenue == null ? "" : " worth " + money(revenue),
                        view.otherTitle(),
                        view.listed(parts),
                        percent(parts.stream().mapToDouble(Part::share).max().orElseThrow())));
    }

    private void leastEngaged(List<Finding> all) {
        ComparisonTable table = left.table();
        long count = table.cells().stream().mapToLong(Cell::leastEngaged).sum();
        if (count == 0) {
            return;
        }
        List<Part> onLeft = right.parts(right.table().cells(), Cell::leastEngaged);
        List<Part> onRight = left.parts(table.cells(), Cell::leastEngaged);
        List<Part> both = new ArrayList<>(onLeft);
        both.addAll(onRight);
        all.add(new Finding(
                "least-engaged",
                null,
                List.of(),
                count,
                null,
                both,
                text(
                        "The %s of low engagement (%.0f days or more since the last purchase, frequency %.0f or less) are %s in %s, %s in %s.",
                        customers(count),
                        Objects.requireNonNull(table.limits().leastRecency()),
                        Objects.requireNonNull(table.limits().mostFrequency()),
                        whatTheyAre(right, onLeft, count),
                        left.title(),
                        whatTheyAre(left, onRight, count),
                        right.title())));
    }

    /** {@code parts} are on the side that {@code view} calls the other. */
    private static String whatTheyAre(View view, List<Part> parts, long count) {
        Part first = parts.get(0);
        double share = (double) first.customers() / count;
        boolean noise = view.table().right().stream()
                .anyMatch(segment -> segment.noise() && segment.key().equals(first.segment()));
        if (share < MOSTLY) {
            return "spread over %s".formatted(view.listed(parts));
        }
        return text("mostly %s (%s in %s)", noise ? "noise" : "one segment", percent(share), view.otherName(first));
    }

    private List<Finding> unions() {
        List<Finding> found = new ArrayList<>();
        for (View view : List.of(left, right)) {
            view.segments().filter(i -> !view.isNoise(i)).forEach(i -> {
                Finding union = union(view, i);
                if (union != null) {
                    found.add(union);
                }
            });
        }
        if (found.isEmpty()) {
            found.add(none(
                    "union",
                    text(
                            "No segment of %s or %s is the union of two of the other (Jaccard coefficient of at least %.1f).",
                            left.title(), right.title(), ALIKE)));
        }
        return found;
    }

    private static @Nullable Finding union(View view, int segment) {
        List<Cell> cells = view.table().ofLeft(segment);
        long size = view.table().leftSize(segment);
        long[] sizes = view.table().rightSizes();
        List<Cell> inside = cells.stream()
                .filter(cell -> cell.customers() >= MOSTLY * sizes[cell.right()]
                        && cell.customers() >= LEAST_PART * size
                        && !view.table().right().get(cell.right()).noise())
                .toList();
        double best = ALIKE;
        List<Cell> pair = List.of();
        for (Cell a : inside) {
            for (Cell b : inside.subList(inside.indexOf(a) + 1, inside.size())) {
                long common = a.customers() + b.customers();
                double jaccard = (double) common / (size + sizes[a.right()] + sizes[b.right()] - common);
                if (jaccard >= best) {
                    best = jaccard;
                    pair = List.of(a, b);
                }
            }
        }
        if (pair.isEmpty()) {
            return null;
        }
        List<Part> parts = view.parts(pair, Cell::customers);
        return new Finding(
                "union",
                view.side(),
                List.of(view.key(segment)),
                size,
                ComparisonTable.revenue(cells),
                parts,
                text(
                        "%s of %s is nearly the union of %s of %s: %s of its %s are in these two (Jaccard coefficient %.2f).",
                        view.name(segment),
                        view.title(),
                        parts.stream().map(view::otherName).collect(Collectors.joining(" and ")),
                        view.otherTitle(),
                        count(pair.stream().mapToLong(Cell::customers).sum()),
                        customers(size),
                        best));
    }

    private Finding same() {
        ComparisonTable table = left.table();
        long[] sizes = table.rightSizes();
        List<Cell> same = table.cells().stream()
                .filter(cell -> jaccard(cell, table.leftSize(cell.left()), sizes[cell.right()]) >= ALIKE)
                .toList();
        if (same.isEmpty()) {
            return none(
                    "same",
                    text(
                            "No segment of %s is nearly one of %s (Jaccard coefficient of at least %.1f).",
                            left.title(), right.title(), ALIKE));
        }
        String pairs = same.stream()
                .map(cell -> text(
                        "%s and %s (%.2f)",
                        left.name(cell.left()),
                        left.otherName(cell.right()),
                        jaccard(cell, table.leftSize(cell.left()), sizes[cell.right()])))
                .collect(Collectors.joining(", "));
        return new Finding(
                "same",
                "left",
                same.stream().map(cell -> left.key(cell.left())).toList(),
                same.stream().mapToLong(Cell::customers).sum(),
                ComparisonTable.revenue(same),
                left.parts(same, Cell::customers),
                text("Nearly the same in %s and %s (Jaccard coefficient): %s.", left.title(), right.title(), pairs));
    }

    private static double jaccard(Cell cell, long left, long right) {
        return (double) cell.customers() / (left + right - cell.customers());
    }

    private void noise(View view, List<Finding> all) {
        view.segments()
                .filter(i -> view.isNoise(i) && view.table().leftSize(i) > 0)
                .forEach(i -> {
                    List<Cell> cells = view.table().ofLeft(i);
                    List<Part> parts = view.parts(cells, Cell::customers);
                    long size = view.table().leftSize(i);
                    all.add(new Finding(
                            "noise",
                            view.side(),
                            List.of(view.key(i)),
                            size,
                            ComparisonTable.revenue(cells),
                            parts,
                            text(
                                    "%s leaves %s (%s) in no cluster; in %s they are in %s.",
                                    view.title(),
                                    customers(size),
                                    percent(view.shareOfAll(size)),
                                    view.otherTitle(),
                                    view.listed(parts))));
                });
    }

    private static Finding none(String kind, String sentence) {
        return new Finding(kind, null, List.of(), 0, null, List.of(), sentence);
    }

    private String money(double value) {
        return text("%,.2f", value) + (currency == null ? "" : " " + currency);
    }

    static String percent(double share) {
        return text("%.1f %%", 100 * share);
    }

    static String count(long count) {
        return text("%,d", count);
    }

    private static String customers(long count) {
        return count(count) + (count == 1 ? " customer" : " customers");
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
