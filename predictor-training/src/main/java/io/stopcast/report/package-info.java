/** Results for people and programs: tables, JSON, model cards. */
package io.stopcast.report;
