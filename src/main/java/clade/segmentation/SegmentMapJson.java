package clade.segmentation;

import clade.rfm.SegmentMap;
import clade.rfm.SegmentMap.Axis;
import clade.rfm.SegmentMap.Block;
import clade.rfm.SegmentMap.Flaw;
import clade.rfm.SegmentMap.Range;
import clade.web.Fault;
import clade.web.Refusal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Segment maps as clients write them; a refusal names every cell and field that is wrong, up to a limit. */
final class SegmentMapJson {

    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final String KEY_RULE =
            "must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen";
    private static final int NAME_LENGTH = 200;
    private static final int DESCRIPTION_LENGTH = 1000;
    private static final int MOST_SEGMENTS = 100;
    private static final int MOST_FLAWS = 50;

    /** As many as the largest grid has cells. */
    private static final int MOST_BLOCKS = 1000;

    private static final List<List<Axis>> GRIDS = List.of(
            List.of(Axis.RECENCY, Axis.FREQUENCY),
            List.of(Axis.RECENCY, Axis.FREQUENCY, Axis.MONETARY),
            List.of(Axis.RECENCY, Axis.VALUE));

    private SegmentMapJson() {}

    /** The map under this key in a body; 400 where it is none. */
    static SegmentMap read(String key, @Nullable JsonNode body) {
        if (!KEY.matcher(key).matches()) {
            throw Refusal.badParameter("key", "invalid-value", "key %s, was %s".formatted(KEY_RULE, key));
        }
        Fields fields = Fields.of(body, "");
        String bodyKey = fields.text("key");
        if (bodyKey != null && !bodyKey.equals(key)) {
            throw fields.refusal("key", "must be %s, as in the path, or left out".formatted(key));
        }
        String description = fields.text("description");
        if (description != null && description.length() > DESCRIPTION_LENGTH) {
            throw fields.refusal("description", "must have at most %d characters".formatted(DESCRIPTION_LENGTH));
        }
        int scores = fields.neededInteger("scores", 2, 10);
        List<Axis> axes = readAxes(fields);
        List<SegmentMap.Segment> segments = readSegments(fields, axes, scores);
        fields.end();
        refuseFlaws(SegmentMap.flaws(scores, axes, segments));
        return new SegmentMap(key, description == null ? "" : description, scores, axes, segments);
    }

    /** The form of answers, and, with its key, of requests. */
    static ObjectNode write(SegmentMap map) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("key", map.key());
        if (!map.description().isEmpty()) {
            json.put("description", map.description());
        }
        json.put("scores", map.scores());
        ArrayNode axes = json.putArray("axes");
        map.axes().forEach(axis -> axes.add(name(axis)));
        ArrayNode segments = json.putArray("segments");
        for (SegmentMap.Segment segment : map.segments()) {
            ArrayNode cells = segments.addObject()
                    .put("key", segment.key())
                    .put("name", segment.name())
                    .putArray("cells");
            for (Block block : segment.blocks()) {
                ObjectNode cell = cells.addObject();
                for (int axis = 0; axis < map.axes().size(); axis++) {
                    Range range = block.ranges().get(axis);
                    cell.putArray(name(map.axes().get(axis))).add(range.from()).add(range.to());
                }
            }
        }
        return json;
    }

    private static void refuseFlaws(List<Flaw> flaws) {
        if (flaws.isEmpty()) {
            return;
        }
        List<Fault> faults = new ArrayList<>();
        for (Flaw flaw : flaws.subList(0, Math.min(flaws.size(), MOST_FLAWS))) {
            faults.add(Fault.at(
                    flaw.segment() < 0 ? "/segments" : "/segments/%d/cells/%d".formatted(flaw.segment(), flaw.block()),
                    flaw.fault().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    flaw.message()));
        }
        throw new Refusal(
                HttpStatus.BAD_REQUEST,
                "Each cell must be in exactly one segment; %d %s wrong%s, such as: %s"
                        .formatted(
                                flaws.size(),
                                flaws.size() == 1 ? "thing is" : "things are",
                                flaws.size() > MOST_FLAWS ? ", the first %d are listed".formatted(MOST_FLAWS) : "",
                                flaws.get(0).message()),
                faults);
    }

    private static List<Axis> readAxes(Fields fields) {
        List<String> names = fields.texts("axes", List.of());
        return GRIDS.stream()
                .filter(grid -> Set.copyOf(names)
                        .equals(Set.copyOf(
                                grid.stream().map(SegmentMapJson::name).toList())))
                .findFirst()
                .orElseThrow(() -> fields.refusal(
                        "axes",
                        "must be [\"recency\",\"frequency\"], [\"recency\",\"frequency\",\"monetary\"] or "
                                + "[\"recency\",\"value\"], was " + names));
    }

    private static List<SegmentMap.Segment> readSegments(Fields fields, List<Axis> axes, int scores) {
        JsonNode array = fields.find("segments");
        if (array == null || !array.isArray() || array.isEmpty() || array.size() > MOST_SEGMENTS) {
            throw fields.refusal(
                    "segments",
                    "must be an array of 1 to %d objects with key, name and cells".formatted(MOST_SEGMENTS));
        }
        List<SegmentMap.Segment> segments = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int blocks = 0;
        for (int i = 0; i < array.size(); i++) {
            String pointer = "/segments/" + i;
            Fields inner = Fields.of(array.get(i), pointer);
            String key = inner.text("key");
            if (key == null || !KEY.matcher(key).matches()) {
                throw inner.refusal("key", "%s, was %s".formatted(KEY_RULE, key));
            }
            if (!keys.add(key)) {
                throw inner.refusal("key", "must not be there twice, was " + key);
            }
            String name = inner.text("name");
            if (name != null && name.length() > NAME_LENGTH) {
                throw inner.refusal("name", "must have at most %d characters".formatted(NAME_LENGTH));
            }
            JsonNode cells = inner.find("cells");
            if (cells == null || !cells.isArray() || cells.isEmpty()) {
                throw inner.refusal("cells", "must be an array of at least one object of ranges");
            }
            blocks += cells.size();
            if (blocks > MOST_BLOCKS) {
                throw inner.refusal("cells", "make more than %d in all".formatted(MOST_BLOCKS));
            }
            List<Block> read = new ArrayList<>();
            for (int j = 0; j < cells.size(); j++) {
                read.add(readBlock(Fields.of(cells.get(j), pointer + "/cells/" + j), axes, scores));
            }
            inner.end();
            segments.add(new SegmentMap.Segment(key, name == null ? key : name, read));
        }
        return segments;
    }

    /** An axis that is left out has all its scores. */
    private static Block readBlock(Fields fields, List<Axis> axes, int scores) {
        Map<Axis, Range> ranges = new EnumMap<>(Axis.class);
        for (Axis axis : axes) {
            JsonNode range = fields.find(name(axis));
            if (range == null) {
                ranges.put(axis, new Range(1, scores));
                continue;
            }
            boolean two = range.isArray()
                    && range.size() == 2
                    && range.valueStream().allMatch(limit -> limit.isIntegralNumber() && limit.canConvertToInt());
            if (!two) {
                throw fields.refusal(name(axis), "must be [from, to], two whole numbers, was " + range);
            }
            ranges.put(axis, new Range(range.get(0).asInt(), range.get(1).asInt()));
        }
        fields.end();
        return new Block(axes.stream().map(ranges::get).toList());
    }

    static String name(Axis axis) {
        return axis.name().toLowerCase(Locale.ROOT);
    }
}
