package clade.segmentation;

import clade.segmentation.conditions.Facts;
import java.util.List;
import java.util.function.Predicate;

/**
 * The tests of a method's conditions, in their order, and what is known of the table's customers. Not for several threads.
 */
record Matching(List<Predicate<Facts>> tests, CustomerFacts facts) {

    /** Index of the first test that is true of a row; the number of tests if none is. */
    int first(int row) {
        facts.at(row);
        for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).test(facts)) {
                return i;
            }
        }
        return tests.size();
    }

    /** Whether a test is true of a row. */
    boolean is(int test, int row) {
        return tests.get(test).test(facts.at(row));
    }
}
