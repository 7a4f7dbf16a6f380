/** Boosting rounds with XGBoost4J that end when more of them do not pay. */
package io.stopcast.xgboost4j;
