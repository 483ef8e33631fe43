explain query plan 
