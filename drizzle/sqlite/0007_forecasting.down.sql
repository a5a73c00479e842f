DROP TABLE forecasting_wanted;
