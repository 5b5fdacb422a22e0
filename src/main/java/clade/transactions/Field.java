package clade.transactions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a column of an upload can mean, and the names by which it is recognised. */
enum Field {
    CUSTOMER_ID("customerId", "CustomerID", "Customer", "ClientID", "UserID", "AccountID", "MemberID"),
    OCCURRED_AT(
            "occurredAt",
            "InvoiceDate",
            "OrderDate",
            "TransactionDate",
            "PurchaseDate",
            "Date",
            "Timestamp",
            "CreatedAt"),
    ORDER_ID("orderId", "Invoice", "InvoiceNo", "InvoiceNumber", "OrderID", "Order", "OrderNumber", "ReceiptID"),
    TRANSACTION_ID("transactionId", "TransactionID", "LineID"),
    PRODUCT_ID("productId", "StockCode", "ProductID", "Product", "SKU", "ItemID"),
    QUANTITY("quantity", "Quantity", "Qty", "Units"),
    UNIT_PRICE("unitPrice", "UnitPrice", "Price"),
    AMOUNT(
            "amount",
            "Amount",
            "Total",
            "TotalPrice",
            "TotalAmount",
            "LineTotal",
            "Revenue",
            "Sales",
            "PurchaseAmount",
            "TransactionAmount",
            "Spend");

    private static final Field[] ALL = values();

    /** The name of the field in requests and reports. */
    final String label;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable set
    private final Set<String> names;

    Field(String label, String... aliases) {
        this.label = label;
        this.names = Stream.concat(Stream.of(label), Arrays.stream(aliases))
                .map(Field::comparable)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The field that a column of this name means by itself, if any. */
    static @Nullable Field named(String column) {
        String name = comparable(column);
        for (Field field : ALL) {
            if (field.names.contains(name)) {
                return field;
            }
        }
        return null;
    }

    /** Column names are compared without case, spaces, {@code _}, {@code -} and {@code .}. */
    static String comparable(String name) {
        StringBuilder kept = new StringBuilder(name.length());
        name.codePoints()
                .filter(c ->
                        !Character.isSpaceChar(c) && !Character.isWhitespace(c) && c != '_' && c != '-' && c != '.')
                .forEach(kept::appendCodePoint);
        return kept.toString().toLowerCase(Locale.ROOT);
    }

    /** The code that tells that the field is empty in a row: {@code missing-customer-id}. */
    String missing() {
        return "missing-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
