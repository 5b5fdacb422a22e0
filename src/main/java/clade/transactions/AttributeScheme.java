package clade.transactions;

import clade.customers.AttributeType;
import java.util.List;
import java.util.Optional;

/**
 * How the attributes of a file are read.
 *
 * @param types by place of the column; empty, or not there, where it is no attribute or has no value to tell
 * @param decimal separator of numbers
 * @param dateFormat place in {@link DateFormat#KNOWN}
 */
record AttributeScheme(List<Optional<AttributeType>> types, char decimal, int dateFormat) {

    /** The type of the column at this place. */
    Optional<AttributeType> type(int place) {
        return place < types.size() ? types.get(place) : Optional.empty();
    }

    /** Whether the other reads everything as this does. */
    boolean agreesWith(AttributeScheme other) {
        for (int place = 0; place < Math.max(types.size(), other.types.size()); place++) {
            if (!type(place).equals(other.type(place))) {
                return false;
            }
        }
        return decimal == other.decimal && dateFormat == other.dateFormat;
    }
}
