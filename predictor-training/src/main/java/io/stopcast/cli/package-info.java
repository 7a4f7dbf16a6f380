/** The command line: verbs only. */
package io.stopcast.cli;
