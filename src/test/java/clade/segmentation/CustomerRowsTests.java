package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.rfm.RfmTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CustomerRowsTests {

    @Test
    void findsTheRowOfEveryCustomerAndNoOther() {
        Random random = new Random(5);
        for (int size = 0; size < 200; size++) {
            RfmTable table = new RfmTable();
            Map<Long, Integer> expected = new HashMap<>();
            long spread = random.nextBoolean() ? 3L * size + 1 : Long.MAX_VALUE;
            while (expected.size() < size) {
                long customer = random.nextLong(spread);
                if (expected.putIfAbsent(customer, expected.size()) == null) {
                    table.add(customer, 0, 0, 1, 0);
                }
            }

            CustomerRows rows = new CustomerRows(FeatureTable.of(table));

            expected.forEach((customer, row) -> assertThat(rows.find(customer)).isEqualTo(row));
            for (int i = 0; i < 100; i++) {
                long customer = random.nextLong(spread);
                assertThat(rows.find(customer)).isEqualTo(expected.getOrDefault(customer, -1));
            }
        }
    }
}
