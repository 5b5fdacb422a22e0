package clade.rfm;

import clade.rfm.SegmentMap.Axis;
import clade.rfm.SegmentMap.Block;
import clade.rfm.SegmentMap.Range;
import clade.rfm.SegmentMap.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The maps that every dataset has. */
public final class BuiltInMaps {

    private static final SegmentMap RF_GRID = grid(
            "rf-grid",
            "Ten segments over recency and frequency, 5 scores",
            5,
            block("champions", "Champions", 5, 5, 4, 5),
            block("loyal-customers", "Loyal Customers", 3, 4, 4, 5),
            block("potential-loyalists", "Potential Loyalists", 4, 5, 2, 3),
            block("new-customers", "New Customers", 5, 5, 1, 1),
            block("promising", "Promising", 4, 4, 1, 1),
            block("need-attention", "Need Attention", 3, 3, 3, 3),
            block("about-to-sleep", "About To Sleep", 3, 3, 1, 2),
            block("at-risk", "At Risk", 1, 2, 3, 4),
            block("cant-lose-them", "Can't Lose Them", 1, 2, 5, 5),
            block("hibernating", "Hibernating", 1, 2, 1, 2));

    private static final SegmentMap RF_GRID_4 = grid(
            "rf-grid-4",
            "Ten segments over recency and frequency, 4 scores: rf-grid with one step less on each axis",
            4,
            block("champions", "Champions", 4, 4, 4, 4),
            block("loyal-customers", "Loyal Customers", 3, 3, 3, 4),
            block("potential-loyalists", "Potential Loyalists", 4, 4, 2, 3),
            block("new-customers", "New Customers", 4, 4, 1, 1),
            block("promising", "Promising", 3, 3, 1, 1),
            block("need-attention", "Need Attention", 3, 3, 2, 2),
            block("about-to-sleep", "About To Sleep", 2, 2, 1, 2),
            block("at-risk", "At Risk", 1, 2, 3, 3),
            block("cant-lose-them", "Can't Lose Them", 1, 2, 4, 4),
            block("hibernating", "Hibernating", 1, 1, 1, 2));

    private static final SegmentMap RF_GRID_3 = grid(
            "rf-grid-3",
            "Eight segments over recency and frequency, 3 scores: rf-grid for small bases",
            3,
            block("champions", "Champions", 3, 3, 3, 3),
            block("loyal-customers", "Loyal Customers", 2, 2, 3, 3),
            block("potential-loyalists", "Potential Loyalists", 3, 3, 2, 2),
            block("new-customers", "New Customers", 3, 3, 1, 1),
            block("need-attention", "Need Attention", 2, 2, 2, 2),
            block("about-to-sleep", "About To Sleep", 2, 2, 1, 1),
            block("cant-lose-them", "Can't Lose Them", 1, 1, 3, 3),
            block("hibernating", "Hibernating", 1, 1, 1, 2));

    private static final SegmentMap RFM_125 = ofCodes(
            "rfm-125",
            "Eleven segments over all 125 cells, by the table of scores that marketing guides share"
                    + " (https://documentation.bloomreach.com/engagement/docs/rfm-segmentation). Copies of it disagree on 231, 241"
                    + " and 251: some leave them out, some put them under Hibernating; here they are About To Sleep, which makes"
                    + " every cell stand once",
            5,
            codes("champions", "Champions", "555 554 544 545 454 455 445"),
            codes("loyal-customers", "Loyal Customers", "543 444 435 355 354 345 344 335"),
            codes(
                    "potential-loyalists",
                    "Potential Loyalists",
                    "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323"),
            codes("new-customers", "New Customers", "512 511 422 421 412 411 311"),
            codes("promising", "Promising", "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313"),
            codes("need-attention", "Need Attention", "535 534 443 434 343 334 325 324"),
            codes("about-to-sleep", "About To Sleep", "331 321 312 221 213 231 241 251"),
            codes(
                    "at-risk",
                    "At Risk",
                    "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124"),
            codes("cant-lose-them", "Can't Lose Them", "155 154 144 214 215 115 114 113"),
            codes("hibernating", "Hibernating", "332 322 233 232 223 222 132 123 122 212 211"),
            codes("lost", "Lost", "111 112 121 131 141 151"));

    private static final SegmentMap KLAVIYO_6 = ofCodes(
            "klaviyo-6",
            "Klaviyo's six customer groups over 27 cells, 3 scores"
                    + " (https://help.klaviyo.com/hc/en-us/articles/17797937793179)",
            3,
            codes("champions", "Champions", "333 332 323"),
            codes("loyal", "Loyal", "321 322 331 232 233"),
            codes("recent", "Recent", "312 313 311 222 223"),
            codes("needs-attention", "Needs Attention", "213 221 123 132 133"),
            codes("at-risk", "At Risk", "231 212 122 131 211"),
            codes("inactive", "Inactive", "111 112 113 121"));

    private static final List<SegmentMap> ALL = List.of(RF_GRID, RF_GRID_3, RF_GRID_4, RFM_125, KLAVIYO_6);

    private BuiltInMaps() {}

    /** All of them. */
    public static List<SegmentMap> list() {
        return ALL;
    }

    /** The one of this key. */
    public static Optional<SegmentMap> find(String key) {
        return ALL.stream().filter(map -> map.key().equals(key)).findFirst();
    }

    /** The one that a number of scores has unless another is named: there is one for 3, 4 and 5. */
    public static Optional<SegmentMap> ofScores(int scores) {
        return ALL.stream().filter(map -> map.scores() == scores).findFirst();
    }

    /** The map of 5 scores. */
    public static SegmentMap rfGrid() {
        return RF_GRID;
    }

    private static SegmentMap grid(String key, String description, int scores, Segment... segments) {
        return new SegmentMap(key, description, scores, List.of(Axis.RECENCY, Axis.FREQUENCY), List.of(segments));
    }

    private static Segment block(String key, String name, int recencyFrom, int recencyTo, int from, int to) {
        return new Segment(
                key, name, List.of(new Block(List.of(new Range(recencyFrom, recencyTo), new Range(from, to)))));
    }

    private static SegmentMap ofCodes(String key, String description, int scores, Segment... segments) {
        return new SegmentMap(
                key, description, scores, List.of(Axis.RECENCY, Axis.FREQUENCY, Axis.MONETARY), List.of(segments));
    }

    /** A segment of single cells, each written as its three scores. */
    private static Segment codes(String key, String name, String codes) {
        return new Segment(
                key,
                name,
                Arrays.stream(codes.split(" ", -1))
                        .map(code -> new Block(code.chars()
                                .mapToObj(digit -> new Range(digit - '0', digit - '0'))
                                .toList()))
                        .toList());
    }
}
