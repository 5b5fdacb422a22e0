package clade.bench.faults;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * The rows of one upload, which follow from its number: sent again they are the same. Amounts are whole, so that sums are exact
 * in any arithmetic; orders are of one row, so that no two rows are equal.
 *
 * @param number distinguishes it from all others
 */
record Batch(int number, int rows) {

    private static final int CUSTOMERS = 20_000;

    /** Sum of its amounts. */
    long sum() {
        long sum = 0;
        Random random = new Random(number);
        for (int row = 0; row < rows; row++) {
            random.nextInt(CUSTOMERS);
            random.nextInt(700);
            sum += 1 + random.nextInt(500);
        }
        return sum;
    }

    byte[] csv() {
        StringBuilder file = new StringBuilder("customerId,orderId,occurredAt,amount\n");
        Random random = new Random(number);
        for (int row = 0; row < rows; row++) {
            file.append('k')
                    .append(random.nextInt(CUSTOMERS))
                    .append(",b")
                    .append(number)
                    .append('-')
                    .append(row)
                    .append(',')
                    .append(java.time.LocalDate.of(2023, 1, 1).plusDays(random.nextInt(700)))
                    .append(',')
                    .append(1 + random.nextInt(500))
                    .append('\n');
        }
        return file.toString().getBytes(StandardCharsets.UTF_8);
    }
}
