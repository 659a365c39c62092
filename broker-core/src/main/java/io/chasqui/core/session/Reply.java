package io.chasqui.core.session;

import io.chasqui.core.refusal.Refusal;

/**
 * The answer to a request that may have to wait for another shard or for the disk. Exactly one of
 * the two methods is called, once, on the session's shard; possibly before the request returns.
 */
public interface Reply<T> {

    void ok(T result);

    void refused(Refusal refusal);
}
