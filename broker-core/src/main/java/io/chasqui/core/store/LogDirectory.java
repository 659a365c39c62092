package io.chasqui.core.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in a log's directory.
 *
 * <pre>
 *   0000000042.log    segment 42
 *   0000000042.tmp    a compaction of segment 42 that did not finish
 *   spare-7.log       a file of one segment's size, free for reuse
 * </pre>
 */
final class LogDirectory {

    private static final Pattern SEGMENT = Pattern.compile("(\\d{10,18})\\.log");
    private static final Pattern SPARE = Pattern.compile("spare-(\\d{1,18})\\.log");
    private static final Pattern TEMPORARY = Pattern.compile("\\d{10,18}\\.tmp");

    /**
     * What a directory holds: segment numbers ascending, spares by number, unfinished files by
     * path.
     */
    record Contents(List<Long> segments, List<Long> spares, List<String> unfinished) {}

    private final Disk disk;
    private final String path;

    LogDirectory(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    Disk disk() {
        return disk;
    }

    String path() {
        return path;
    }

    String segment(long number) {
        return String.format(Locale.ROOT, "%s/%010d.log", path, number);
    }

    String temporary(long number) {
        return String.format(Locale.ROOT, "%s/%010d.tmp", path, number);
    }

    String spare(long number) {
        return path + "/spare-" + number + ".log";
    }

    void sync() throws IOException {
        disk.syncDirectory(path);
    }

    Contents contents() throws IOException {
        List<Long> segments = new ArrayList<>();
        List<Long> spares = new ArrayList<>();
        List<String> unfinished = new ArrayList<>();
        for (String name : disk.list(path)) {
            Matcher segment = SEGMENT.matcher(name);
            Matcher spare = SPARE.matcher(name);
            if (segment.matches()) {
                segments.add(Long.valueOf(segment.group(1)));
            } else if (spare.matches()) {
                spares.add(Long.valueOf(spare.group(1)));
            } else if (TEMPORARY.matcher(name).matches()) {
                unfinished.add(path + "/" + name);
            }
        }
        segments.sort(null);
        spares.sort(null);
        return new Contents(segments, spares, unfinished);
    }
}
