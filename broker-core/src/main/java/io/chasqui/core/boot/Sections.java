package io.chasqui.core.boot;

/** What the sections of a checkpoint hold; the numbers are part of the on-disk format. */
final class Sections {

    /** u64: the lowest queue id never given out. */
    static final int NEXT_QUEUE_ID = 1;

    /** Any number of: u32 length, one encoded definition change. */
    static final int DEFINITIONS = 2;

    /** Queue indexes one behind the other, as IndexSnapshot writes them. */
    static final int QUEUE_INDEXES = 3;

    /** Large messages and where their parts are, as LargeBodies tells. */
    static final int LARGE_BODIES = 4;

    /** Users and permissions, in the form of DEFINITIONS; missing before there were any. */
    static final int ACCOUNTS = 5;

    /** What clients have added to annotations, as AnnotationRecord has it; only if there is any. */
    static final int ANNOTATIONS = 6;

    private Sections() {}
}
