package clade.transactions;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes the fields of one record after another: stages what they say, or tells what is wrong with them. */
interface RowReader {

    /**
     * Stages a row.
     *
     * @param number of the record, from 1
     * @return why it is not accepted; null if it is
     */
    @Nullable
    Rejection take(long number, String[] fields) throws IOException;
}
