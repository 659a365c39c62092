package io.chasqui.core.store;

import java.util.List;

/**
 * What recovery found.
 *
 * @param endLsn position behind the last record accepted
 * @param closedCleanly the log ended with the mark of an orderly close
 * @param tornTail something unreadable stands behind the end: the remains of a batch that was never
 *     synced, or of what a recycled file held before
 * @param damaged durable stretches that are lost
 * @param records records handed to the visitor
 * @param bytes their bytes
 */
public record RecoveryReport(
        long endLsn,
        boolean closedCleanly,
        boolean tornTail,
        List<DamagedRange> damaged,
        long records,
        long bytes) {}
