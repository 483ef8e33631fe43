explain 
