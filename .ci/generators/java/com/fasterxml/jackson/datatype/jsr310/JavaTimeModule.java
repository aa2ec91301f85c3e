package com.fasterxml.jackson.datatype.jsr310;

import com.fasterxml.jackson.databind.module.SimpleModule;

/** Stands in for the module that Debian does not have; the contract has no date-time of RFC 3339. */
public class JavaTimeModule extends SimpleModule {}
