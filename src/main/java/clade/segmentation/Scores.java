package clade.segmentation;

import java.util.LinkedHashMap;
import java.util.Map;

/** Three stored scores (recency, frequency, monetary) as the API shows them. */
final class Scores {

    private Scores() {}

    static Map<String, Integer> byName(Short[] scores) {
        Map<String, Integer> byName = new LinkedHashMap<>();
        byName.put("recency", scores[0].intValue());
        byName.put("frequency", scores[1].intValue());
        byName.put("monetary", scores[2].intValue());
        return byName;
    }

    /** The scores one after the other, such as 543. */
    static String code(Short[] scores) {
        return "" + scores[0] + scores[1] + scores[2];
    }
}
