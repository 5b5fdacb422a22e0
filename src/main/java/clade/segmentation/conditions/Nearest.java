package clade.segmentation.conditions;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells which known name was probably meant, and what names there are. */
final class Nearest {

    private static final int MOST_NAMES = 20;

    private Nearest() {}

    /** Such as "; did you mean plan? There are age, plan"; {@code none} where there is no name at all. */
    static String hint(String name, Collection<String> known, String none) {
        if (known.isEmpty()) {
            return "; " + none;
        }
        String meant = find(name, known)
                .map(near -> "; did you mean %s?".formatted(near))
                .orElse(";");
        String there = known.stream().sorted().limit(MOST_NAMES).collect(Collectors.joining(", "));
        String more = known.size() > MOST_NAMES ? " and %,d more".formatted(known.size() - MOST_NAMES) : "";
        return "%s %s %s%s".formatted(meant, meant.equals(";") ? "there are" : "There are", there, more);
    }

    private static Optional<String> find(String name, Collection<String> known) {
        return known.stream()
                .filter(other -> distance(name, other) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt((String other) -> distance(name, other))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Letters to add, drop or change (Levenshtein), whatever their case. */
    private static int distance(String name, String other) {
        String a = name.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
