package io.chasqui.server.management;

import io.chasqui.server.http.Request;

/** Finds out who a request is from; it may wait. */
@FunctionalInterface
interface Identity {

    LogIns.Outcome logIn(Request request) throws InterruptedException;
}
