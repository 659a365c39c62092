package io.chasqui.server.management;

import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;

/** Answers what may be asked of one path with one method; it may wait. */
@FunctionalInterface
public interface Endpoint {

    /**
     * @throws HttpRefusal to refuse it with that status
     * @throws io.chasqui.core.refusal.Refusal if a rule of the broker does not allow it
     */
    Response answer(Call call) throws Exception;
}
