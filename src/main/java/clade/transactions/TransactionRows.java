package clade.transactions;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stages records as transactions. */
final class TransactionRows implements RowReader {

    private final RowParser parser;
    private final Staging staging;
    private final Row row = new Row();
    private boolean identified;

    // majority vote (Boyer and Moore 1981): if one customer has more than half of the rows, it is this one
    private String suspect = "";
    private long votes;

    TransactionRows(RowParser parser, Staging staging) {
        this.parser = parser;
        this.staging = staging;
    }

    @Override
    public @Nullable Rejection take(long number, String[] fields) throws IOException {
        Rejection rejection = parser.parse(fields, row);
        if (rejection == null) {
            identified |= row.transactionId != null;
            vote(row.customerId);
            staging.add(number, row);
        }
        return rejection;
    }

    /** True if a row has a transaction id. */
    boolean identified() {
        return identified;
    }

    /** The customer of more than half of the rows, if there is one. */
    String suspect() {
        return suspect;
    }

    private void vote(String customer) {
        if (votes == 0) {
            suspect = customer;
        }
        votes += suspect.equals(customer) ? 1 : -1;
    }
}
